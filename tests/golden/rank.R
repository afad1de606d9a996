# SPDX-License-Identifier: MIT
# Makes tests/golden/rank.h: Rscript tests/golden/rank.R > tests/golden/rank.h
# Without ties the values are wilcox.test's; with ties, where R only approximates, all assignments of the
# midranks are enumerated.
options(digits = 17)
set.seed(20240601)
num <- function(x) paste(sprintf("%.17g", x), collapse = ", ")
cat("/* SPDX-License-Identifier: MIT */\n/* Made by tests/golden/rank.R; R", as.character(getRversion()), "*/\n")
cat("static const struct golden_rank golden_ranks[] = {\n")
for (case in list(c(4, 4), c(5, 7), c(6, 6), c(8, 8), c(10, 10), c(7, 12), c(20, 20), c(33, 41), c(1, 9), c(49, 49))) {
	for (by in c(0, 0.01, 0.1)) {
		a <- log(1000) + rnorm(case[1], sd = 0.02)
		b <- log(1000) + rnorm(case[2], sd = 0.02) + by
		w <- suppressWarnings(wilcox.test(b, a, exact = TRUE, conf.int = TRUE))
		# R gives an interval of lower confidence where 95 % can't be reached; ours is infinite then.
		ok <- 2 * pwilcox(0, case[1], case[2]) < 0.05
		ci <- if (ok) sprintf("%.17g", w$conf.int) else c("-INFINITY", "INFINITY")
		u <- wilcox.test(a, b, exact = TRUE)$statistic
		cat("\t{ ", case[1], ", ", case[2], ", { ", num(a), " }, { ", num(b), " }, ", num(w$p.value), ", ", num(u),
			", ", num(w$estimate), ", ", ci[1], ", ", ci[2], ", 0 },\n", sep = "")
	}
}
for (case in list(c(3, 3), c(5, 5), c(6, 8), c(9, 4), c(8, 8))) {
	for (levels in c(2, 4, 12)) {
		a <- sample(levels, case[1], TRUE)
		b <- sample(levels, case[2], TRUE) + (levels > 2)
		r <- rank(c(a, b)); m <- case[1]
		sums <- combn(length(r), m, function(i) sum(r[i]))
		t <- sum(r[1:m])
		p <- min(1, 2 * min(mean(sums <= t + 1e-9), mean(sums >= t - 1e-9)))
		d <- outer(b, a, "-")
		cat("\t{ ", case[1], ", ", case[2], ", { ", num(a), " }, { ", num(b), " }, ", num(p), ", ", num(t - m * (m + 1) / 2),
			", ", num(median(d)), ", NAN, NAN, ", as.integer(anyDuplicated(c(a, b)) > 0), " },\n", sep = "")
	}
}
cat("};\n\n")
cat("static const struct golden_t golden_ts[] = {\n")
for (df in c(1, 2, 2.5, 5, 18, 100)) for (t in c(0.1, 1, 2.5, 12))
	cat("\t{ ", num(t), ", ", num(df), ", ", num(2 * pt(-t, df)), " },\n", sep = "")
cat("};\n\nstatic const double golden_holm[][2] = {\n")
p <- c(0.001, 0.04, 0.03, 0.005, 1, 0.5, 0.04)
h <- p.adjust(p, "holm")
for (i in seq_along(p)) cat("\t{ ", num(p[i]), ", ", num(h[i]), " },\n", sep = "")
cat("};\n\n/* p of 120 + 120 values by the normal approximation, with ties. */\n")
a <- (0:119 * 7919) %% 60; b <- (0:119 * 104729) %% 60 + 5
cat("#define GOLDEN_LARGE_P ", num(suppressWarnings(wilcox.test(a, b, exact = FALSE)$p.value)), "\n", sep = "")
