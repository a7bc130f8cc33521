# Rscript test/reference/r/distributions.R : values of R's own distribution functions over grids that reach into the tails.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))), "write.R"))
grid <- function(f, fn, ...) { g <- expand.grid(..., KEEP.OUT.ATTRS = FALSE); v <- do.call(mapply, c(list(FUN = fn), unname(as.list(g)))); list(f = f, args = unname(lapply(seq_len(nrow(g)), function(i) I(as.numeric(g[i, ])))), values = I(as.numeric(v))) }
p_small <- c(1e-300, 1e-100, 1e-20, 1e-10, 1e-5, 0.001, 0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975, 0.999, 1 - 1e-6)
p_mid <- c(1e-12, 1e-5, 0.001, 0.025, 0.3, 0.5, 0.8, 0.975, 0.999)
z <- c(-37.5, -37.4, -20, -8.3, -5.7, -5.6, -3, -1.959963984540054, -0.7, -0.67, -0.1, -1e-10, 0, 0.3, 0.68, 1, 2.5, 4, 6, 8.2)
set.seed(20240501)
shape <- c(0.01, 0.3, 0.5, 1, 2.5, 7, 30, 250, 4000, 1e5)
df <- c(0.5, 1, 2, 3.7, 10, 55.25, 1000, 1e6)
write_fixture(list(made_with = versions(c()), cases = list(
  grid("normalCdf", pnorm, z), grid("normalSf", function(x) pnorm(x, lower.tail = FALSE), z), grid("normalQuantile", qnorm, p_small), grid("normalPdf", dnorm, z),
  grid("normalLogSf", function(x) pnorm(x, lower.tail = FALSE, log.p = TRUE), c(-10, -3, 0, 3, 20, 37, 40, 100, 1000)),
  grid("logGamma", lgamma, c(1e-10, 0.01, 0.3, 0.5, 0.9, 1.3, 1.5, 1.7, 2.4, 2.6, 3.3, 5.5, 9.9, 10, 10.1, 33.3, 171, 1e4, 1e10)),
  grid("logBeta", lbeta, c(0.1, 0.5, 1, 3, 12, 500, 1e6), c(0.2, 0.5, 2, 9.5, 40, 1e5)),
  grid("logChoose", lchoose, c(5, 20, 100, 1000), c(0, 1, 2, 5)),
  grid("gammaCdf", pgamma, c(1e-5, 0.1, 0.5, 1, 3, 8, 30, 260, 3900, 101000), shape),
  grid("chiSquareSf", function(x, k) pchisq(x, k, lower.tail = FALSE), c(1e-8, 0.1, 1, 3.84, 20, 100, 900), c(1, 2, 3, 5.5, 40, 300)),
  grid("chiSquareCdf", pchisq, c(1e-8, 0.1, 1, 3.84, 20, 100, 900), c(1, 2, 3, 5.5, 40, 300)),
  grid("chiSquareLogSf", function(x, k) pchisq(x, k, lower.tail = FALSE, log.p = TRUE), c(10, 2000, 1e5), c(1, 4)),
  grid("chiSquareQuantile", qchisq, p_mid, c(0.5, 1, 2, 7, 50, 1000)),
  grid("betaCdf", pbeta, c(1e-6, 0.01, 0.2, 0.5, 0.8, 0.99, 0.999999), c(0.1, 0.5, 1, 3, 20, 400, 20000), c(0.1, 0.5, 1, 4, 35, 1000)),
  grid("betaSf", function(x, a, b) pbeta(x, a, b, lower.tail = FALSE), c(0.01, 0.2, 0.5, 0.8, 0.99), c(0.1, 0.5, 1, 3, 20, 400), c(0.1, 0.5, 1, 4, 35, 1000)),
  grid("betaQuantile", qbeta, p_mid, c(0.5, 1, 3, 20, 400, 20000), c(0.5, 1, 4, 35, 1000)),
  grid("studentTCdf", pt, c(-300, -30, -6, -2, -1, -0.01, -1e-9, 0.5, 1.96, 4, 12), df),
  grid("studentTTwoSided", function(x, k) 2 * pt(-abs(x), k), c(1e-6, 0.5, 2, 6, 30, 300), df),
  grid("studentTQuantile", qt, c(1e-12, 1e-5, 0.001, 0.025, 0.3, 0.5, 0.51, 0.8, 0.975, 0.999), c(1, 2, 3.7, 10, 55.25, 1000, 1e6)),
  grid("studentTPdf", dt, c(0, 0.5, 2, 30), df),
  grid("fCdf", pf, c(1e-5, 0.2, 1, 3, 10, 200), c(1, 2, 5.5, 60), c(1, 3, 7.7, 90, 5000)),
  grid("fSf", function(x, a, b) pf(x, a, b, lower.tail = FALSE), c(1e-5, 0.2, 1, 3, 10, 200, 5000), c(1, 2, 5.5, 60), c(1, 3, 7.7, 90, 5000)),
  grid("fQuantile", qf, c(0.3, 0.5, 0.8, 0.975, 0.999), c(1, 2, 5.5, 60), c(2, 3, 7.7, 90, 5000)),
  grid("noncentralFSf", function(x, a, b, l) pf(x, a, b, l, lower.tail = FALSE), c(0.5, 2, 4, 8), c(1, 3), c(4, 12.5, 100), c(0.5, 3, 12, 60)),
  grid("binomialPmf", function(k, n, p) dbinom(k, n, p), c(0, 1, 3, 10), c(10, 50, 1000), c(0.001, 0.3, 0.9)),
  grid("binomialCdf", function(k, n, p) pbinom(k, n, p), c(0, 1, 3, 9), c(10, 50, 1000), c(0.001, 0.3, 0.9)),
  grid("binomialSf", function(k, n, p) pbinom(k, n, p, lower.tail = FALSE), c(0, 1, 3, 9), c(10, 50, 1000), c(0.001, 0.3, 0.9)),
  grid("binomialTwoSided", function(k, n, p) binom.test(k, n, p)$p.value, c(0, 3, 7, 10), c(10, 23, 60), c(0.2, 0.5))
)), "distributions")
