"""A labelme file as labelme's own LabelFile writes it (its Qt window is not needed and is left out), and the mask that labelme's shapes_to_label makes of it.

Usage: python3 labelme_masks.py OUT_DIR (Debian: labelme 5.1.1, python3-pil, python3-numpy)."""
import json
import sys
import types

qt = types.ModuleType('qtpy')
qt.QT_VERSION = '5'
for name in ('QtCore', 'QtGui', 'QtWidgets'):
    part = types.ModuleType('qtpy.' + name)
    part.Qt = part.QIcon = part.QRegularExpressionValidator = part.QRegExpValidator = type(name, (), {})
    setattr(qt, name, part)
    sys.modules['qtpy.' + name] = part
sys.modules['qtpy'] = qt
sys.modules['imgviz'] = types.ModuleType('imgviz')

import numpy
from labelme.label_file import LabelFile
from labelme.utils import shapes_to_label

out = sys.argv[1]
WIDTH, HEIGHT = 60, 44
shapes = [
    dict(label='lesion', points=[[10.5, 8.25], [40.0, 6.0], [48.75, 25.5], [30.0, 38.0], [12.0, 30.0]], group_id=None, shape_type='polygon', flags={}),
    dict(label='lesion', points=[[52.0, 34.0], [57.0, 34.0]], group_id=None, shape_type='circle', flags={}),
    dict(label='lesion', points=[[2.0, 36.0], [9.0, 42.0]], group_id=None, shape_type='rectangle', flags={}),
]
LabelFile().save(filename=out + '/labelme.json', shapes=shapes, imagePath='picture.png', imageHeight=HEIGHT, imageWidth=WIDTH, imageData=None, otherData={}, flags={})
mask, _ = shapes_to_label((HEIGHT, WIDTH, 3), shapes, {'_background_': 0, 'lesion': 1})
with open(out + '/labelme_mask.json', 'w') as file:
    json.dump({'program': 'labelme 5.1.1 shapes_to_label', 'rows': [''.join('#' if v else '.' for v in row) for row in numpy.asarray(mask)]}, file, indent=1)
