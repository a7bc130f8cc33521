"""One mask as nibabel writes it: in RAS with positive steps (so that rows and columns run the other way than ITK's), as int16, and as NIfTI-2.

Usage: python3 nibabel_masks.py OUT_DIR (Debian: python3-nibabel)."""
import sys
import nibabel
import numpy

out = sys.argv[1]


def tricky(x, y):
    if 2 <= y < 12 and 3 <= x < 13 and (x < 6 or x > 8 or y < 5 or y > 7):
        return 1
    return int((x, y) in ((13, 12), (19, 15)))


picture = numpy.array([[[tricky(x, y)] for y in range(16)] for x in range(20)], dtype=numpy.int16)
# The patient's left and back are where columns and rows run: an array indexed from the right and the front is the picture reversed.
ras = picture[::-1, ::-1, :]
nibabel.save(nibabel.Nifti1Image(ras, numpy.diag([0.2, 0.3, 1, 1])), out + '/nibabel_ras_int16.nii.gz')
nibabel.save(nibabel.Nifti2Image(picture.astype(numpy.uint8), numpy.diag([-0.2, -0.3, 1, 1])), out + '/nibabel_lps_nifti2.nii.gz')
# A label of 3 in a stack of three frames, drawn on the second.
stack = numpy.zeros((20, 16, 3), dtype=numpy.float32)
stack[:, :, 1] = picture[:, :, 0] * 3
nibabel.save(nibabel.Nifti1Image(stack, numpy.diag([-0.2, -0.3, 1, 1])), out + '/nibabel_stack_float.nii')
