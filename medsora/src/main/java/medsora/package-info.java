/** TMP. */ package medsora;
