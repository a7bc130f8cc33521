# Rscript test/reference/r/performance.R : calibration, decision curves, reclassification and optimism, on simulated data.
suppressPackageStartupMessages({ library(MASS); library(rms); library(Hmisc) })
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))), "write.R"))
tight <- list(epsilon = 1e-14, maxit = 100)
cuts <- function(y, p, g) {
  q <- unique(quantile(p, seq(0, 1, 1 / g))); b <- cut(p, q, include.lowest = TRUE); use <- as.numeric(table(b)) > 0; b <- droplevels(b)
  n <- as.numeric(table(b)); o <- as.numeric(tapply(y, b, sum)); e <- as.numeric(tapply(p, b, sum)); x <- sum((o - e)^2 / e + (o - e)^2 / (n - e)); G <- length(n)
  list(lower = I(unname(q[-length(q)][use])), upper = I(unname(q[-1][use])), n = I(n), observed = I(o), expected = I(e), chisq = x, groups = G,
    p_fitting = if (G > 2) pchisq(x, G - 2, lower.tail = FALSE) else NA, p_evaluation = pchisq(x, G, lower.tail = FALSE))
}
one <- function(y, p, g) {
  l <- qlogis(p); a <- glm(y ~ l, family = binomial, control = tight); a <- glm(y ~ l, start = coef(a), family = binomial, control = tight); b <- glm(y ~ 1, offset = l, family = binomial, control = tight); b <- glm(y ~ 1, offset = l, start = coef(b), family = binomial, control = tight); s <- val.prob(p, y, pl = FALSE)
  lo <- lowess(p, y, iter = 0); lo3 <- lowess(p, y); lod <- lowess(p, y, f = .4, iter = 2, delta = 0)
  list(y = I(y), p = I(p), g = g, intercept = unname(coef(a)[1]), slope = unname(coef(a)[2]), intercept_se = sqrt(vcov(a)[1, 1]), slope_se = sqrt(vcov(a)[2, 2]),
    in_the_large = unname(coef(b)), in_the_large_se = sqrt(vcov(b)[1, 1]), brier = unname(s["Brier"]), spiegelhalter = I(unname(s[c("S:z", "S:p")])),
    emax = unname(s["Emax"]), e90 = unname(s["E90"]), eavg = unname(s["Eavg"]), hl = cuts(y, p, g), lowess = list(x = I(lo$x), y = I(lo$y), default = I(lo3$y), other = I(lod$y)))
}
set.seed(21)
p1 <- plogis(rnorm(160)); y1 <- rbinom(160, 1, plogis(.3 + .7 * qlogis(p1)))
p2 <- sample(c(.05, .1, .2, .2, .35, .5, .8), 120, TRUE); y2 <- rbinom(120, 1, p2)          # heavy ties
p3 <- round(plogis(rnorm(400, -3)), 3); p3[p3 == 0] <- .001; y3 <- rbinom(400, 1, pmin(1, 1.5 * p3))
calibration <- list(one(y1, p1, 10), one(y2, p2, 10), one(y3, p3, 8))

n <- 150; y <- rbinom(n, 1, .35); a <- round(plogis(rnorm(n, y * .8 - .7)), 2); b <- round(plogis(qlogis(pmin(pmax(a, .01), .99)) + rnorm(n, (2 * y - 1) * .2, .5)), 2); cut3 <- c(.2, .5, .7)
part <- function(x1, x2) { h <- improveProb(x1, x2, y); list(nri = h$nri, se = h$se.nri, z = h$z.nri, event = I(c(h$pup.ev, h$pdown.ev, h$nri.ev, h$se.nri.ev)), nonevent = I(c(h$pup.ne, h$pdown.ne, h$nri.ne, h$se.nri.ne)),
  se_null = sqrt((h$pup.ev + h$pdown.ev) / sum(y) + (h$pup.ne + h$pdown.ne) / sum(1 - y))) }
h <- improveProb(a, b, y)
reclassification <- list(y = I(y), before = I(a), after = I(b), cutoffs = I(cut3), categorical = part(findInterval(a, cut3) / 4, findInterval(b, cut3) / 4), continuous = part(a, b), idi = list(idi = h$idi, se = h$se.idi, z = h$z.idi))
t <- (1:99) / 100
dca <- list(y = I(y), p = I(a), tp = I(sapply(t, function(k) sum(a >= k & y == 1))), fp = I(sapply(t, function(k) sum(a >= k & y == 0))),
  net_benefit = I(sapply(t, function(k) mean(a >= k & y == 1) - mean(a >= k & y == 0) * k / (1 - k))), all = I(sapply(t, function(k) mean(y) - (1 - mean(y)) * k / (1 - k))))

# optimism: stepAIC repeated in each of 25 given samples; figures from lrm.fit on the linear predictor, as rms::validate does
m <- 220; d <- data.frame(x1 = rnorm(m), x2 = rnorm(m), x3 = rnorm(m), x4 = rnorm(m), f = factor(sample(c("a", "b", "c"), m, TRUE))); d$y <- rbinom(m, 1, plogis(-.3 + .9 * d$x1 + .4 * d$x2 + .5 * (d$f == "c")))
fit <- function(d) stepAIC(glm(y ~ x1 + x2 + x3 + x4 + f, binomial, d, control = tight), trace = 0)
auc <- function(y, l) { r <- rank(l); k <- sum(y); (sum(r[y == 1]) - k * (k + 1) / 2) / (k * (length(y) - k)) }
figures <- function(y, l) { g <- glm(y ~ l, family = binomial, control = tight); q <- plogis(l); lo <- lowess(q, y, iter = 0); n <- length(y)
  c(auc = auc(y, l), r2 = (1 - exp((deviance(g) - g$null.deviance) / n)) / (1 - exp(-g$null.deviance / n)), brier = mean((q - y)^2), intercept = unname(coef(g)[1]), slope = unname(coef(g)[2]), eAvg = mean(abs(lo$y - lo$x))) }
samples <- lapply(1:25, function(i) sample(m, m, TRUE)); whole <- fit(d); app <- figures(d$y, predict(whole, d))
each <- lapply(samples, function(i) { s <- d[i, ]; f <- fit(s); list(sel = attr(terms(f), "term.labels"), tr = figures(s$y, predict(f, s)), te = figures(d$y, predict(f, d))) })
tr <- rowMeans(sapply(each, `[[`, "tr")); te <- rowMeans(sapply(each, `[[`, "te")); vars <- c("x1", "x2", "x3", "x4", "f")
optimism <- list(data = lapply(d, function(x) if (is.factor(x)) I(as.character(x)) else I(x)), samples = lapply(samples, function(i) I(i - 1)), selected = I(attr(terms(whole), "term.labels")),
  figures = I(names(app)), apparent = I(unname(app)), training = I(unname(tr)), test = I(unname(te)), corrected = I(unname(app - (tr - te))), chosen = as.list(setNames(rowMeans(sapply(each, function(e) vars %in% e$sel)), vars)))
write_fixture(list(made_with = versions(c("MASS", "rms", "Hmisc")), calibration = calibration, reclassification = reclassification, dca = dca, optimism = optimism), "performance")
