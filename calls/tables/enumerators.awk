# SPDX-License-Identifier: BSD-2-Clause
# Prints the names of the enumerators in preprocessed C.
{
	gsub(/[{}(),;=]/, " & ")
	n = split($0, word, " ")
	for (i = 1; i <= n; i++) {
		w = word[i]
		if (state == 0) {
			if (w == "enum")
				state = 1
		} else if (state == 1) { # after "enum": a tag, a body or the end of the matter
			if (w == "{")
				state = 2
			else if (w ~ /^[;,()=]$/)
				state = 0
		} else { # 2: a name is next; 3: its value
			if (w == "(")
				depth++
			else if (w == ")")
				depth--
			else if (w == "}")
				state = 0
			else if (w == "," && depth == 0)
				state = 2
			else if (state == 2) {
				print w
				state = 3
			}
		}
	}
}
