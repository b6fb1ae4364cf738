/** TMP. */ package engine;
