# Rscript test/reference/r/regression.R : logistic models, selection, inflation, separation, Firth, nomograms and axes, on simulated data.
suppressPackageStartupMessages({ library(MASS); library(car); library(rms); library(brglm2); library(lpSolve) })
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))), "write.R"))
tight <- list(epsilon = 1e-14, maxit = 100)
glmx <- function(f, d) { g <- suppressWarnings(glm(f, binomial, d, control = tight)); if (!anyNA(coef(g))) g <- suppressWarnings(glm(f, binomial, d, control = tight, start = coef(g))); g }
clean <- function(x) gsub("`", "", x)
columns <- function(d) lapply(d, function(x) if (is.factor(x)) I(as.character(x)) else I(as.numeric(x)))
path <- function(s) { a <- s$anova; list(step = I(clean(as.character(a$Step))), aic = I(a$AIC), selected = I(clean(attr(terms(s), "term.labels")))) }

set.seed(41); n <- 230
d <- data.frame(age = round(rnorm(n, 52, 11)), `size (mm)` = round(rgamma(n, 6, .28), 1), stage = sample(0:4, n, TRUE),
  kind = factor(sample(c("ductal", "lobular", "other; rare"), n, TRUE, c(.6, .3, .1)), levels = c("in situ", "ductal", "lobular", "other; rare")),
  her2 = factor(sample(c("neg", "pos"), n, TRUE)), noise = rnorm(n), check.names = FALSE)
lp <- -3 + .05 * d$`size (mm)` + .5 * (d$kind == "lobular") + .35 * d$stage + .4 * (d$her2 == "pos")
d$y <- rbinom(n, 1, plogis(lp))
d$age[c(3, 50)] <- NA; d$kind[c(8, 9, 50)] <- NA; d$`size (mm)`[120] <- NA
cc <- d[complete.cases(d), ]
full <- y ~ age + `size (mm)` + stage + kind + her2 + noise
g <- glmx(full, cc); sm <- summary(g)$coefficients
g0 <- glmx(y ~ age + `size (mm)`, cc)
an <- anova(g0, g, test = "LRT")
kind_ix <- grep("^kind", names(coef(g))); w <- as.numeric(t(coef(g)[kind_ix]) %*% solve(vcov(g)[kind_ix, kind_ix]) %*% coef(g)[kind_ix])
pr <- predict(g, cc[1:6, ], se.fit = TRUE)
null <- glm(y ~ 1, binomial, cc, control = tight)
v <- car::vif(g)
logistic <- list(data = columns(d), n = nrow(cc), events = sum(cc$y), terms = I(clean(rownames(sm))), coef = I(sm[, 1]), se = I(sm[, 2]), z = I(sm[, 3]), p = I(sm[, 4]),
  vcov = unname(vcov(g)), deviance = deviance(g), null_deviance = g$null.deviance, aic = AIC(g), bic = BIC(g),
  lr = list(chisq = an$Deviance[2], df = an$Df[2], p = an$`Pr(>Chi)`[2]), wald_kind = list(chisq = w, df = length(kind_ix), p = pchisq(w, length(kind_ix), lower.tail = FALSE)),
  drop1 = { x <- drop1(glm(full, binomial, cc, control = tight), test = "LRT"); list(term = I(clean(rownames(x))), df = I(x$Df), deviance = I(x$Deviance), aic = I(x$AIC), lrt = I(x$LRT), p = I(x$`Pr(>Chi)`)) },
  gvif = list(term = I(clean(rownames(v))), gvif = I(v[, 1]), df = I(v[, 2]), adjusted = I(v[, 3])),
  predictions = list(lp = I(pr$fit), se = I(pr$se.fit)), rows_predicted = I(as.integer(rownames(cc)[1:6])),
  backward = path(stepAIC(glm(full, binomial, cc, control = tight), direction = "backward", trace = 0)),
  forward = path(stepAIC(null, scope = list(lower = ~1, upper = formula(full)[-2]), direction = "forward", trace = 0)),
  both = path(stepAIC(null, scope = list(lower = ~1, upper = formula(full)[-2]), direction = "both", trace = 0)))

# exact collinearity: c3 = c1 + c2, dup repeats a factor; a constant
set.seed(7); m <- 60
cl <- data.frame(c1 = rnorm(m), c2 = rnorm(m), f = factor(sample(c("a", "b"), m, TRUE)))
cl$c3 <- cl$c1 + cl$c2; cl$dup <- factor(ifelse(cl$f == "b", "yes", "no")); cl$one <- 4; cl$y <- rbinom(m, 1, plogis(cl$c1))
ga <- glm(y ~ c1 + c2 + c3 + f + dup + one, binomial, cl); gk <- glmx(y ~ c1 + c2 + f, cl)
collinear <- list(data = columns(cl), aliased = I(names(coef(ga))[is.na(coef(ga))]), coef = I(coef(gk)), se = I(sqrt(diag(vcov(gk)))), deviance = deviance(gk))

# separation by linear programming (Konis), on many small integer designs
kind_of <- function(X, y) {
  Z <- (2 * y - 1) * X; Z <- sweep(Z, 2, pmax(apply(abs(Z), 2, max), 1), "/"); p <- ncol(Z)
  A <- lp("max", c(colSums(Z), -colSums(Z)), rbind(cbind(Z, -Z), diag(2 * p)), c(rep(">=", nrow(Z)), rep("<=", 2 * p)), c(rep(0, nrow(Z)), rep(1, 2 * p)))
  if (A$objval < 1e-7) return("none")
  B <- lp("max", c(rep(0, 2 * p), 1), rbind(cbind(Z, -Z, -1), cbind(diag(2 * p), 0)), c(rep(">=", nrow(Z)), rep("<=", 2 * p)), c(rep(0, nrow(Z)), rep(1, 2 * p)))
  if (B$objval > 1e-9) "complete" else "quasi"
}
set.seed(99); separation <- list()
while (length(separation) < 150) {
  k <- sample(1:3, 1); r <- sample(6:16, 1); X <- matrix(sample(-3:3, r * k, TRUE), r, k); y <- rbinom(r, 1, plogis(X %*% rnorm(k, 0, 2)))
  if (length(unique(y)) < 2 || qr(cbind(1, X))$rank < k + 1) next
  separation[[length(separation) + 1]] <- list(x = unname(X), y = I(y), kind = kind_of(cbind(1, X), y))
}

# Firth: estimates by brglm2; profile intervals and penalised likelihood-ratio p from the formula itself
pll <- function(b, X, y) { e <- as.numeric(X %*% b); p <- plogis(e); sum(ifelse(y == 1, plogis(e, log.p = TRUE), plogis(-e, log.p = TRUE))) + .5 * as.numeric(determinant(crossprod(X * sqrt(p * (1 - p))))$modulus) }
hold <- function(j, v, X, y, start) { f <- function(b) { full <- start; full[-j] <- b; full[j] <- v; -pll(full, X, y) }
  o <- optim(start[-j], f, method = "BFGS", control = list(reltol = 1e-15, maxit = 1000)); o <- optim(o$par, f, method = "BFGS", control = list(reltol = 1e-15, maxit = 1000)); -o$value }
firth_case <- function(f, d, profile = TRUE) {
  b <- glm(f, binomial, d, method = brglm2::brglmFit, type = "AS_mean", epsilon = 1e-12, maxit = 5000)
  X <- model.matrix(b); y <- d$y; est <- coef(b); se <- sqrt(diag(vcov(b))); top <- pll(est, X, y); target <- top - qchisq(.95, 1) / 2
  out <- list(data = columns(d), terms = I(names(est)), coef = I(est), se = I(se), pll = top)
  if (profile) { e <- sapply(seq_along(est), function(j) { h <- function(v) hold(j, v, X, y, est) - target
      lo <- uniroot(h, c(est[j] - 12 * se[j], est[j]), tol = 1e-10)$root; hi <- uniroot(h, c(est[j], est[j] + 12 * se[j]), tol = 1e-10)$root
      c(lo, hi, pchisq(2 * (top - hold(j, 0, X, y, est)), 1, lower.tail = FALSE)) })
    out$lower <- I(e[1, ]); out$upper <- I(e[2, ]); out$p <- I(e[3, ]) }
  out
}
set.seed(5); q <- data.frame(x = round(rnorm(40), 2), f = factor(rep(c("a", "b", "c"), c(18, 16, 6)))); q$y <- rbinom(40, 1, plogis(q$x)); q$y[q$f == "c"] <- 1
set.seed(6); s <- data.frame(x = round(rnorm(24), 2), u = round(rnorm(24), 2)); s$y <- as.numeric(s$x > .1)

# nomograms, one with a numeric predictor of few values
dd <- datadist(cc); options(datadist = "dd")
nomo <- function(f, axes = list()) {
  fit <- lrm(f, cc, eps = 1e-10, maxit = 100, tol = 1e-12, x = TRUE, y = TRUE); gl <- glmx(f, cc); fit$coefficients[] <- coef(gl); fit$linear.predictors[] <- gl$linear.predictors
  nm <- do.call(nomogram, c(list(fit, fun = plogis, lp = TRUE), axes)); i <- attr(nm, "info"); vars <- all.vars(f)[-1]
  list(terms = I(vars), points_per_unit = i$sc, lp_at_zero = unname(i$Intercept), axes = setNames(lapply(vars, function(v) list(value = if (is.numeric(nm[[v]][[1]])) I(nm[[v]][[1]]) else I(as.character(nm[[v]][[1]])), points = I(unname(nm[[v]]$points)))), vars), total = I(nm$total.points$x), lp_axis = list(points = I(nm$lp$x), value = I(nm$lp$x.real)))
}
names(cc)[2] <- "size"; cc$kind <- droplevels(cc$kind); dd <- datadist(cc)
nomograms <- list(nomo(y ~ size + stage + kind + her2), nomo(y ~ age + size + noise, list(age = seq(20, 90, 10))), nomo(y ~ noise))

set.seed(12)
ranges <- lapply(1:400, function(i) { k <- i %% 5
  a <- switch(k + 1, runif(1, -100, 100), round(runif(1, 0, 90)), round(runif(1), 3), rnorm(1) * 10^sample(-6:6, 1), sample(-5:5, 1))
  b <- a + switch(k + 1, runif(1, 0, 50), sample(0:80, 1), round(runif(1), 2), abs(rnorm(1)) * 10^sample(-6:6, 1), sample(0:5, 1)); m <- sample(c(4, 5, 10, 10, 20), 1)
  list(low = a, high = b, count = m, ticks = I(pretty(c(a, b), m))) })

write_fixture(list(made_with = versions(c("MASS", "car", "rms", "brglm2", "lpSolve")), logistic = logistic, collinear = collinear, separation = separation,
  firth = list(quasi = firth_case(y ~ x + f, q), complete = firth_case(y ~ x + u, s), regular = firth_case(y ~ age + size + kind, cc, FALSE)),
  nomograms = nomograms, nomogram_data = columns(cc), pretty = ranges), "regression")
