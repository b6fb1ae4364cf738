/**
 * Features of pictures by DINO (Caron et al. 2021): the vision transformer, and how it is trained
 * without labels.
 */
package medsora.dino;
