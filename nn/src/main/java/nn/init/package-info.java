/** First values of parameters, functions of a seed and the parameter's index. */
package nn.init;
