/** TMP. */ package nn;
