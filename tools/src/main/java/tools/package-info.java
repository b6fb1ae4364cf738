/** TMP. */ package tools;
