/** First values of parameters, functions of a seed and the parameter's index. */
@NullMarked
package nn.init;

import org.jspecify.annotations.NullMarked;
