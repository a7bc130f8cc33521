# Rscript test/reference/r/roc.R : pROC and written-out formulas on seeded data: continuous, coarse with ties, and clustered scores.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))), "write.R"))
suppressPackageStartupMessages(library(pROC))
set.seed(71)
n <- 90; y <- rbinom(n, 1, 0.4)
d <- data.frame(y = y, fine = round(rnorm(n) + 1.1 * y, 4), coarse = pmin(5, pmax(1, round(2.5 + 1.3 * y + rnorm(n)))), weak = round(rnorm(n) + 0.2 * y, 1))
scores <- c("fine", "coarse", "weak")
make <- function(s, d) roc(d$y, d[[s]], levels = c(0, 1), direction = "<", quiet = TRUE)
one <- function(s) { r <- make(s, d); ci <- as.numeric(ci.auc(r, method = "delong"))
  p <- function(from, to, focus) list(focus = focus, from = from, to = to, area = as.numeric(auc(r, partial.auc = c(from, to), partial.auc.focus = focus)),
    standardised = suppressWarnings(as.numeric(auc(r, partial.auc = c(from, to), partial.auc.focus = focus, partial.auc.correct = TRUE))))
  b <- coords(r, "best", best.method = "youden", ret = c("threshold", "sensitivity", "specificity"), transpose = FALSE)
  at <- coords(r, r$thresholds, ret = c("tp", "fp"), transpose = FALSE)
  list(auc = as.numeric(r$auc), variance = as.numeric(var(r, method = "delong")), interval = I(ci[c(1, 3)]), thresholds = I(r$thresholds), tp = I(at$tp), fp = I(at$fp),
    partial = list(p(1, 0.8, "specificity"), p(0.93, 0.41, "specificity"), p(1, 0.8, "sensitivity"), p(0.77, 0.52, "sensitivity")),
    youden = list(thresholds = I(b$threshold), sensitivity = I(b$sensitivity), specificity = I(b$specificity))) }
pairs <- apply(combn(scores, 2), 2, function(s) { t <- roc.test(make(s[1], d), make(s[2], d), method = "delong", paired = TRUE)
  list(a = s[1], b = s[2], z = as.numeric(t$statistic), p = t$p.value, interval = I(as.numeric(t$conf.int))) })
cv <- outer(1:3, 1:3, Vectorize(function(i, j) if (i == j) as.numeric(var(make(scores[i], d))) else as.numeric(cov(make(scores[i], d), make(scores[j], d), method = "delong"))))
auc3 <- vapply(scores, function(s) as.numeric(auc(make(s, d))), 0)
L <- rbind(c(1, -1, 0), c(0, 1, -1)); lt <- L %*% auc3; chi <- as.numeric(t(lt) %*% solve(L %*% cv %*% t(L)) %*% lt)
n2 <- 70; y2 <- rbinom(n2, 1, 0.5); d2 <- data.frame(y = y2, fine = round(rnorm(n2) + 0.5 * y2, 4))
t2 <- roc.test(make("fine", d), make("fine", d2), method = "delong", paired = FALSE)
# Obuchowski 1997, written out by loops over patients.
m <- 50; pat <- rep(seq_len(m), sample(1:4, m, TRUE)); u <- rnorm(m); yc <- rbinom(length(pat), 1, plogis(u[pat])); s1 <- round(u[pat] + yc + rnorm(length(pat)), 1); s2 <- round(0.5 * u[pat] + 0.6 * yc + rnorm(length(pat)), 1)
place <- function(s) { p <- which(yc == 1); q <- which(yc == 0); k <- function(a, b) (a > b) + 0.5 * (a == b)
  list(v10 = vapply(p, function(i) mean(k(s[i], s[q])), 0), v01 = vapply(q, function(j) mean(k(s[p], s[j])), 0), p = p, q = q) }
clustered <- function(sa, sb) { A <- place(sa); B <- place(sb); M <- length(A$p); N <- length(A$q); ta <- mean(A$v10); tb <- mean(B$v10); S10 <- S01 <- S11a <- S11b <- 0
  for (i in unique(pat)) { a10 <- sum(A$v10[pat[A$p] == i] - ta); b10 <- sum(B$v10[pat[B$p] == i] - tb); a01 <- sum(A$v01[pat[A$q] == i] - ta); b01 <- sum(B$v01[pat[B$q] == i] - tb)
    S10 <- S10 + a10 * b10; S01 <- S01 + a01 * b01; S11a <- S11a + a10 * b01; S11b <- S11b + b10 * a01 }
  I <- length(unique(pat)); I10 <- length(unique(pat[A$p])); I01 <- length(unique(pat[A$q]))
  I10 / ((I10 - 1) * M) * S10 / M + I01 / ((I01 - 1) * N) * S01 / N + I / (I - 1) * (S11a + S11b) / (M * N) }
prop <- function(x, n) list(x = x, n = n, wilson = I(as.numeric(prop.test(x, n, correct = FALSE)$conf.int)), exact = I(as.numeric(binom.test(x, n)$conf.int)))
mcn <- function(b, c) list(b = b, c = c, p = mcnemar.test(matrix(c(10, c, b, 20), 2), correct = FALSE)$p.value, p_cc = mcnemar.test(matrix(c(10, c, b, 20), 2))$p.value, p_exact = binom.test(b, b + c)$p.value)
write_fixture(list(made_with = versions("pROC"), data = lapply(d, I), scores = setNames(lapply(scores, one), scores), pairs = pairs, covariance = cv,
  omnibus = list(chisq = chi, df = 2, p = pchisq(chi, 2, lower.tail = FALSE)),
  unpaired = list(data = lapply(d2, I), D = as.numeric(t2$statistic), df = as.numeric(t2$parameter), p = t2$p.value),
  clustered = list(patient = I(pat), outcome = I(yc), a = I(s1), b = I(s2), covariance = matrix(c(clustered(s1, s1), clustered(s1, s2), clustered(s2, s1), clustered(s2, s2)), 2)),
  proportions = list(prop(3, 17), prop(0, 9), prop(25, 25), prop(140, 405)), mcnemar = list(mcn(9, 4), mcn(1, 12), mcn(6, 6), mcn(40, 21)),
  adjusted = list(p = I(c(0.011, 0.2, 0.0004, 0.04, 0.6)), holm = I(p.adjust(c(0.011, 0.2, 0.0004, 0.04, 0.6), "holm")), bh = I(p.adjust(c(0.011, 0.2, 0.0004, 0.04, 0.6), "BH")),
    bonferroni = I(p.adjust(c(0.011, 0.2, 0.0004, 0.04, 0.6), "bonferroni")))), "roc")
