# Rscript test/reference/r/mrmc.R : Obuchowski-Rockette with Hillis' degrees of freedom, the single-treatment test and power, written out in base R on seeded ratings
# (pROC for the DeLong covariance, leave-one-out AUCs for the jackknife).
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))), "write.R"))
suppressPackageStartupMessages(library(pROC))
set.seed(72)
N <- 60; y <- rbinom(N, 1, 0.45); tests <- c("unaided", "aided", "model shown first"); readers <- c("A", "B", "C", "D", "E"); I <- 3; J <- 5
skill <- rnorm(J, 0, 0.3); latent <- rnorm(N)
S <- do.call(cbind, lapply(seq_len(I), function(i) sapply(seq_len(J), function(j) pmin(5, pmax(1, round(2.6 + 0.8 * latent + y * (0.8 + skill[j] + c(0, 0.5, 0.3)[i]) + 0.8 * rnorm(N)))))))
model <- round(plogis(latent * 0.7 + 1.4 * y - 0.7 + 0.7 * rnorm(N)), 3)
curve <- function(s) roc(y, s, levels = c(0, 1), direction = "<", quiet = TRUE)
cover <- function(S) { r <- lapply(seq_len(ncol(S)), function(k) curve(S[, k])); k <- ncol(S); C <- matrix(0, k, k)
  for (a in 1:k) for (b in 1:k) C[a, b] <- if (a == b) as.numeric(var(r[[a]])) else as.numeric(cov(r[[a]], r[[b]], method = "delong")); list(auc = vapply(r, function(x) as.numeric(x$auc), 0), C = C) }
jack <- function(S) { th <- sapply(seq_len(ncol(S)), function(k) vapply(seq_len(N), function(i) as.numeric(auc(roc(y[-i], S[-i, k], levels = c(0, 1), direction = "<", quiet = TRUE))), 0)); (N - 1)^2 / N * cov(th) }
or <- function(auc, C) {
  A <- t(matrix(auc, J, I)); ti <- rep(1:I, each = J); rj <- rep(1:J, I); g <- mean(A)   # A: tests x readers
  MST <- J * var(rowMeans(A)); MSR <- I * var(colMeans(A)); MSTR <- sum((A - outer(rowMeans(A), colMeans(A), "+") + g)^2) / ((I - 1) * (J - 1))
  st <- outer(ti, ti, "=="); sr <- outer(rj, rj, "=="); v <- mean(C[st & sr]); c1 <- mean(C[!st & sr]); c2 <- mean(C[st & !sr]); c3 <- mean(C[!st & !sr])
  den <- MSTR + J * max(c2 - c3, 0); ddf <- den^2 / (MSTR^2 / ((I - 1) * (J - 1))); fden <- v - c1 + (J - 1) * (c2 - c3)
  own <- t(sapply(1:I, function(i) { Ci <- C[ti == i, ti == i]; cc <- mean(Ci[row(Ci) != col(Ci)]); ms <- var(A[i, ]); se <- sqrt(ms / J + max(cc, 0)); df <- (ms + J * max(cc, 0))^2 / (ms^2 / (J - 1)); c(mean(A[i, ]), se, df) }))
  list(ms = I(c(MST, MSR, MSTR)), components = I(c(v, c1, c2, c3)), rrrc = list(F = MST / den, df2 = ddf, p = pf(MST / den, I - 1, ddf, lower.tail = FALSE)),
    frrc = list(chisq = (I - 1) * MST / fden, p = pchisq((I - 1) * MST / fden, I - 1, lower.tail = FALSE)), rrfc = list(F = MST / MSTR, p = pf(MST / MSTR, I - 1, (I - 1) * (J - 1), lower.tail = FALSE)),
    difference12 = list(diff = mean(A[1, ]) - mean(A[2, ]), se = sqrt(2 / J * den), lo = mean(A[1, ]) - mean(A[2, ]) - qt(0.975, ddf) * sqrt(2 / J * den)), tests = own) }
single <- function(auc, C) { psi <- auc[-1] - auc[1]; J <- length(psi); P <- cbind(-1, diag(J)); D <- P %*% C %*% t(P); c2 <- mean(D[row(D) != col(D)]); ms <- var(psi); den <- ms + J * max(c2, 0)
  w <- c(-1, rep(1 / J, J)); sf <- sqrt(as.numeric(t(w) %*% C %*% w)); t1 <- mean(psi) / sqrt(den / J); df <- den^2 / (ms^2 / (J - 1))
  list(difference = mean(psi), fixed = list(se = sf, p = 2 * pnorm(-abs(mean(psi) / sf))), random = list(se = sqrt(den / J), t = t1, df = df, p = 2 * pt(-abs(t1), df))) }
X <- cover(S); R1 <- cbind(model, S[, 1:J]); M <- cover(R1)
# Hillis, Obuchowski, Berbaum 2011, two conditions.
power_of <- function(d, J, c, cs, tr, e, c1, c2, c3, alpha = 0.05) { k <- max(0, c2 - c3); inter <- max(0, tr) + cs / c * (e - c1 - k); den <- inter + cs / c * J * k; lam <- J * d^2 / 2 / den; ddf <- den^2 / (inter^2 / (J - 1))
  fx <- cs / c * (e - c1 + (J - 1) * k); lf <- J * d^2 / 2 / fx
  list(d = d, J = J, c = c, cs = cs, tr = tr, e = e, c1 = c1, c2 = c2, c3 = c3, random = pf(qf(1 - alpha, 1, ddf), 1, ddf, lam, lower.tail = FALSE), df2 = ddf, lambda = lam,
    fixed = pchisq(qchisq(1 - alpha, 1), 1, lf, lower.tail = FALSE), cases_fixed = pf(qf(1 - alpha, 1, J - 1), 1, J - 1, J * d^2 / 2 / inter, lower.tail = FALSE)) }
write_fixture(list(made_with = versions("pROC"), outcome = I(y), tests = tests, readers = readers, ratings = lapply(seq_len(I * J), function(k) I(S[, k])), model = I(model),
  delong = or(X$auc, X$C), jackknife = or(X$auc, jack(S)), covariance = X$C, model_vs_readers = list(delong = single(M$auc, M$C), jackknife = single(M$auc, jack(R1))),
  power = list(power_of(0.05, 5, 200, 114, 0.0002, 0.0008, 0.00035, 0.00034, 0.00024), power_of(0.05, 12, 120, 84, -0.0001, 0.0018, 0.0007, 0.0009, 0.0006), power_of(0.08, 4, 60, 114, 0.001, 0.0008, 0.00035, 0.0002, 0.00024))), "mrmc")
