# Rscript test/bench/statistics.R DIR : times pROC on the inputs that statistics.ts wrote (little-endian doubles). One line a task: name, median seconds, figures.
suppressPackageStartupMessages(library(pROC))
dir <- commandArgs(TRUE)[1]
load_pair <- function(name) { n <- file.size(file.path(dir, paste0(name, ".outcome"))) / 8
  list(y = readBin(file.path(dir, paste0(name, ".outcome")), "double", n), s = readBin(file.path(dir, paste0(name, ".score")), "double", n)) }
timed <- function(name, times, f) { t <- numeric(times); for (i in seq_len(times)) t[i] <- system.time(v <- f())[["elapsed"]]
  cat(name, sprintf("%.6f", median(t)), sprintf("%.15g", v), "\n") }
area <- function(d) { r <- roc(d$y, d$s, levels = c(0, 1), direction = "<", quiet = TRUE); as.numeric(ci.auc(r, method = "delong"))[c(2, 1, 3)] }
for (name in c("n1e5", "n1e6")) { d <- load_pair(name); timed(name, if (name == "n1e6") 3 else 5, function() area(d)) }
d <- load_pair("n1e3"); r <- roc(d$y, d$s, levels = c(0, 1), direction = "<", quiet = TRUE)
timed("boot", 3, function() { set.seed(1); as.numeric(ci.auc(r, method = "bootstrap", boot.n = 2000, progress = "none"))[c(2, 1, 3)] })
cat("version", as.character(packageVersion("pROC")), "\n")
