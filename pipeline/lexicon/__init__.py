"""What words and names are known: names with identifiers, frequent words, small classes of English."""
