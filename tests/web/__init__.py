"""The shell: words, pages, headers."""
