"""Writes every file into the folder given: python3 make.py .."""

import sys

import fixture
from denoiser_files import blocks, scans
from diffusion_files import diffusion
from loss_files import losses
from vae_files import vae

fixture.OUT = sys.argv[1]
for files in (scans, blocks, diffusion, losses, vae):
    files()
