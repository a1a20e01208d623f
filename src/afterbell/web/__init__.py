"""The shell of every page: words, dates, errors, assets and macros. Takes plain values and knows no room."""
