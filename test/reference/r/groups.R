# Rscript test/reference/r/groups.R : agreement of raters and tests of groups, on simulated data.
suppressPackageStartupMessages({ library(psych); library(exactRankTests) })
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))), "write.R"))
set.seed(31)
q <- function(e) suppressWarnings(e)

# --- ICC: psych::ICC; the layout is subjects x raters
icc_case <- function(n, k, noise, shift) { t <- rnorm(n, 20, 5); X <- sapply(seq_len(k), function(j) round(t + rnorm(n, shift * j, noise), 2)); r <- q(ICC(X, lmer = FALSE))$results
  list(ratings = X, estimate = I(r$ICC), f = I(r$F), df1 = I(r$df1), df2 = I(r$df2), p = I(r$p), lower = I(r$`lower bound`), upper = I(r$`upper bound`)) }
icc <- list(icc_case(12, 2, 2, 1), icc_case(40, 4, 3, -.5), icc_case(6, 3, 9, 0))

# --- Cohen's kappa: the formulas of Fleiss, Cohen and Everitt written out; the unweighted estimate also equals psych::cohen.kappa
kappa_case <- function(K, n) { a <- sample(1:K, n, TRUE, prob = (K:1)^1.2); b <- pmin(K, pmax(1, a + sample(c(-1, 0, 0, 0, 1), n, TRUE))); T <- unclass(table(factor(a, 1:K), factor(b, 1:K))); p <- T / n; r <- rowSums(p); c <- colSums(p); D <- abs(outer(1:K, 1:K, "-"))
  one <- function(W) { po <- sum(W * p); pe <- sum(W * outer(r, c)); k <- (po - pe) / (1 - pe); M <- outer(as.numeric(W %*% c), as.numeric(W %*% r), "+")
    c(k, sqrt(sum(p * (W - M * (1 - k))^2) - (k - pe * (1 - k))^2) / (sqrt(n) * (1 - pe)), sqrt(sum(outer(r, c) * (W - M)^2) - pe^2) / (sqrt(n) * (1 - pe))) }
  h <- q(cohen.kappa(matrix(as.numeric(T), K)))
  stopifnot(abs(h$kappa - one((D == 0) * 1)[1]) < 1e-12)
  list(first = I(a), second = I(b), levels = K, table = unname(T), unweighted = I(one((D == 0) * 1)), linear = I(one(1 - D / (K - 1))), quadratic = I(one(1 - (D / (K - 1))^2))) }
kappa <- list(kappa_case(3, 50), kappa_case(5, 200), kappa_case(2, 30))

# --- Fleiss: the formulas of Fleiss 1971 and Fleiss, Nee, Landis 1979 from pairs of raters counted one by one
fleiss_case <- function(n, m, K) { X <- t(sapply(1:n, function(i) { g <- sample(1:K, 1); ifelse(runif(m) < .6, g, sample(1:K, m, TRUE)) })); agree <- mean(apply(X, 1, function(x) mean(combn(x, 2, function(z) z[1] == z[2])))); p <- tabulate(X, K) / (n * m); pe <- sum(p^2); q <- 1 - p
  pc <- sapply(1:K, function(j) { num <- sum(apply(X, 1, function(x) { s <- sum(x == j); s * (s - 1) })); num / (n * m * (m - 1) * p[j]) })
  list(ratings = X, levels = K, kappa = (agree - pe) / (1 - pe), se = sqrt(2 / (n * m * (m - 1))) * sqrt(sum(p * q)^2 - sum(p * q * (q - p))) / sum(p * q), category = I((pc - p) / (1 - p))) }
fleiss <- list(fleiss_case(30, 4, 3), fleiss_case(80, 3, 5))

# --- Bland-Altman
x <- round(rnorm(45, 20, 6), 2); y <- round(x * 1.05 + rnorm(45, -.5, 1.5), 2); tt <- t.test(x, y, paired = TRUE); cf <- summary(lm(I(x - y) ~ I((x + y) / 2)))$coefficients
bland_altman <- list(x = I(x), y = I(y), bias = mean(x - y), sd = sd(x - y), bias_interval = I(tt$conf.int[1:2]), t = unname(tt$statistic), p = tt$p.value, slope = I(unname(cf[2, c(1, 2, 4)])), intercept = cf[1, 1])

# --- two samples
two <- function(a, b) { n <- length(a) + length(b); ties <- anyDuplicated(c(a, b)) > 0; w <- t.test(a, b); s <- t.test(a, b, var.equal = TRUE); cc <- q(wilcox.test(a, b, exact = FALSE)); nc <- q(wilcox.test(a, b, exact = FALSE, correct = FALSE))
  # P(|T - E T| >= |t - E T|) over all choices, from the package's distribution, with a tolerance its own comparison lacks
  perm <- if (n <= 60) { r <- rank(c(a, b)); m <- length(a); d <- exactRankTests:::cperm(exactRankTests:::equiscores(r, m, .01, NULL, FALSE), m, FALSE); e <- m * (n + 1) / 2; sum(d$Prob[abs(d$T - e) >= abs(sum(r[1:m]) - e) - 1e-9]) } else NA
  list(a = I(a), b = I(b), u = unname(cc$statistic), p_cc = cc$p.value, p_nc = nc$p.value, p_exact = if (ties) NA else wilcox.test(a, b, exact = TRUE)$p.value, p_permutation = perm,
    welch = I(c(unname(w$statistic), unname(w$parameter), w$p.value, w$conf.int[1:2])), student = I(c(unname(s$statistic), unname(s$parameter), s$p.value, s$conf.int[1:2])), smd = (mean(a) - mean(b)) / sqrt((var(a) + var(b)) / 2)) }
two_samples <- list(two(rnorm(8), rnorm(11, 1)), two(rnorm(70), rnorm(60, .3, 2)), two(sample(1:6, 25, TRUE), sample(2:7, 20, TRUE)), two(round(rexp(90), 1), round(rexp(70, .8), 1)), two(c(1, 2), c(2, 3, 9)), two(rnorm(25), rnorm(26, 3)))

# --- several groups
g <- list(rnorm(12), rnorm(15, .5, 2), rnorm(9, 1), round(rnorm(20), 1)); kw <- kruskal.test(g); ow <- oneway.test(v ~ h, data.frame(v = unlist(g), h = rep(1:4, lengths(g))))
several <- list(groups = lapply(g, I), kruskal = I(c(unname(kw$statistic), unname(kw$parameter), kw$p.value)), welch = I(c(unname(ow$statistic), unname(ow$parameter), ow$p.value)))

# --- normality
normal <- lapply(list(rnorm(3), c(1, 1, 5), rnorm(4), rexp(5), rnorm(6), runif(9), rexp(11), rnorm(12), round(rexp(30), 1), rnorm(200), rt(1000, 3), rnorm(5000, 1e6, 1e-2)), function(v) { s <- shapiro.test(v); list(x = I(v), w = unname(s$statistic), p = s$p.value) })

# --- tables: odds ratios with uniroot run to the end (fisher.test itself stops at about 1e-4)
dnc <- function(t, T) { m <- sum(T[, 1]); n <- sum(T[, 2]); k <- sum(T[1, ]); s <- max(0, k - n):min(k, m); l <- dhyper(s, m, n, k, log = TRUE) + t * s; d <- exp(l - max(l)); list(s = s, d = d / sum(d)) }
solve_or <- function(f) exp(uniroot(f, c(-30, 30), tol = 1e-14, maxiter = 5000)$root)
or <- function(T) { x <- T[1, 1]; s <- dnc(0, T)$s
  c(if (x == min(s)) 0 else if (x == max(s)) Inf else solve_or(function(t) { d <- dnc(t, T); sum(d$s * d$d) - x }), if (x == min(s)) 0 else solve_or(function(t) { d <- dnc(t, T); sum(d$d[d$s >= x]) - .025 }), if (x == max(s)) Inf else solve_or(function(t) { d <- dnc(t, T); sum(d$d[d$s <= x]) - .025 })) }
tab <- function(...) rbind(...)
tables <- lapply(list(tab(c(3, 1), c(1, 3)), tab(c(60, 45), c(156, 144)), tab(c(0, 5), c(7, 4)), tab(c(5, 0), c(4, 7)), tab(c(10, 2), c(3, 15)), tab(c(12, 7), c(30, 41), c(3, 6)), tab(c(350, 170), c(20, 15), c(20, 2), c(3, 3)), tab(c(8, 3, 4), c(2, 9, 3), c(1, 2, 8)), tab(c(30, 25), c(50, 40), c(20, 35), c(12, 9), c(7, 12)), tab(c(4, 3, 1, 0), c(2, 5, 3, 2), c(0, 1, 4, 6)), tab(c(137, 157, 130), c(58, 72, 65)), tab(c(6, 18), c(10, 31), c(16, 9), c(15, 16), c(17, 40), c(18, 19), c(24, 32), c(14, 15)), tab(c(24, 33), c(14, 29), c(9, 17), c(23, 29), c(23, 21), c(9, 15), c(15, 18), c(3, 18))), function(T) {
  a <- q(chisq.test(T, correct = FALSE)); b <- q(chisq.test(T, correct = TRUE)); f <- fisher.test(T, workspace = 2e8); G <- 2 * sum(ifelse(T > 0, T * log(T / a$expected), 0))
  list(counts = T, pearson = I(c(unname(a$statistic), unname(a$parameter), a$p.value)), yates = I(c(unname(b$statistic), b$p.value)), g2 = I(c(G, pchisq(G, a$parameter, lower.tail = FALSE))), fisher = f$p.value, odds_ratio = I(if (all(dim(T) == 2)) or(T) else numeric(0))) })

write_fixture(list(versions = versions(c("psych", "exactRankTests")), icc = icc, kappa = kappa, fleiss = fleiss, bland_altman = bland_altman, two_samples = two_samples, several = several, normal = normal, tables = tables), "groups")
