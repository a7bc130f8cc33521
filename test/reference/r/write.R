# Writes a list as JSON with 17 significant digits; NA/NaN become null, infinities "Inf" and "-Inf". Source it from a script of this folder.
suppressPackageStartupMessages(library(jsonlite))
.mark <- function(x) {
  if (is.list(x)) return(lapply(x, .mark))
  if (is.numeric(x)) {
    s <- ifelse(is.na(x), "@null@", ifelse(is.infinite(x), ifelse(x > 0, "Inf", "-Inf"), paste0("@", sprintf("%.17g", x), "@")))
    dim(s) <- dim(x); names(s) <- names(x)
    return(if (inherits(x, "AsIs")) I(s) else s)
  }
  x
}
# Vectors of length 1 become scalars unless wrapped in I(); named vectors become lists.
write_fixture <- function(value, name) {
  here <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
  out <- file.path(dirname(normalizePath(here)), "..", "fixtures", paste0(name, ".json"))
  text <- toJSON(.mark(value), auto_unbox = TRUE, null = "null", matrix = "rowmajor", dataframe = "columns")
  text <- gsub('"@([^"@]*)@"', "\\1", text)
  text <- gsub("],", "],\n", text, fixed = TRUE)
  writeLines(text, out, useBytes = TRUE)
}
versions <- function(packages) c(list(R = paste(R.version$major, R.version$minor, sep = ".")), setNames(lapply(packages, function(p) as.character(packageVersion(p))), packages))
