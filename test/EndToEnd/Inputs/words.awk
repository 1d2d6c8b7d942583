{ Sum[$2] += $1 }
END { for (Word in Sum) print Word, Sum[Word] }
