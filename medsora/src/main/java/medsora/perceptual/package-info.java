/** How alike two pictures look: LPIPS, Zhang et al. 2018. */
package medsora.perceptual;
