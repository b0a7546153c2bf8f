# SPDX-License-Identifier: Apache-2.0
"""Numbers of core/reliability.py, fitted by training/fusion_reliability/fit.py; do not edit.

Fitted from the crowd votes of CREMA-D (7442 clips, 91 actors; summaryTable.csv, SHA-256
fb0e382700d32c0d...): Cao, Cooper, Keutmann, Gur, Nenkova, Verma, CREMA-D: Crowd-sourced
emotional multimodal actors dataset, IEEE Transactions on Affective Computing 5 (2014) 377-390.
The tables are under the Open Database License 1.0; these numbers are a work produced from them.

Per channel: one block per level knot, one row per class shown, one column per class named, in
parts per ten thousand; all blocks of a row together sum to 10000.
"""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

CLASSES = ('neutral', 'happiness', 'sadness', 'anger', 'disgust', 'fear')
# Level of intensity at each knot [percent].
LEVELS = MappingProxyType(
    {
        'face': (50.62, 60.29, 67.00, 72.86, 80.50),
        'voice': (45.00, 55.00, 61.89, 68.40, 77.00),
    }
)
# What the log evidence about each class counts.
WEIGHT = MappingProxyType(
    {
        'face': (0.866, 1.190, 0.966, 0.799, 1.035, 0.989),
        'voice': (0.796, 0.943, 1.024, 0.802, 0.820, 0.907),
    }
)

FACE = """
 577.82  106.55   79.89   36.62   76.23    9.10
  41.03  986.86    1.52   25.21   17.98    9.16
 508.01   24.04 1279.72   67.11  281.60  372.68
 283.24   87.56   41.12 1537.87  372.14   95.77
  75.08   21.59  264.50  103.50  862.69  180.26
 290.95   35.91  294.15  263.36  242.91 1663.09

1730.22   30.96   84.60   19.98   40.23   11.17
  71.29 1217.99   10.27    0.97    1.66   14.32
 932.51   20.01 1001.07   19.60  145.65  209.46
 354.48   60.05   20.77 1291.32  417.67   53.03
  70.10   22.13  392.18  108.56 1311.09  169.42
 507.45   16.47  242.89  154.15  168.42 1537.71

2345.87   23.14   34.31    0.06   12.79   12.43
  50.17 1513.11    0.02    0.03    0.02    7.96
1295.29    5.21  622.02   25.46   51.01  110.20
 383.45   22.95   17.14 1180.41  261.44   33.22
  94.09    9.97  418.63   85.12 1462.39  108.99
 505.46   10.95  201.28  124.32  119.27 1133.91

2586.64    3.28   21.86    0.06   33.62    5.62
  82.83 2435.31    0.02    0.03    0.02    0.03
1176.83    0.57  431.30    5.78   14.36   29.66
 222.12   11.73    9.44 1329.05  180.60   15.23
  93.87    0.05  427.27   95.07 1579.36   80.53
 444.61    0.90  200.50   77.60   41.25  746.95

2092.28    0.16    9.38    0.06   15.03    0.04
  52.37 3459.75    0.02    0.03    0.02    0.03
1072.87    0.05  264.07    0.10    4.38   29.39
 142.77    1.32    0.08 1512.15   47.99   13.90
  44.55    0.05  414.53   45.74 1394.67   64.02
 446.25    0.06   80.99   62.07    6.72  379.45
"""

VOICE = """
 453.73    0.01   35.57   77.50   24.49   50.90
 542.35  692.74   34.02  210.17  105.25  168.24
1220.18    3.93  509.08   33.73   88.58  365.72
 199.39   16.29    6.63 1064.26  361.42   95.32
 852.62   39.64  135.07  370.58  838.22  272.22
 731.28   36.10  299.99  172.17   68.52  825.34

1069.64    0.01   20.92   11.29   20.28   12.25
1077.99  733.39   28.60  124.96   56.50  152.37
1625.07    0.01  504.80   11.09   65.51  168.74
 343.62   22.40    7.77 1083.36  370.16   89.65
1047.76   20.60  171.11  269.63  831.42  159.35
 997.90   26.89  258.07  103.09   70.50  810.89

1981.69    0.01   15.50    1.53   10.94   19.14
1202.64  668.63    6.51   76.52   32.69  116.75
1677.22    0.01  426.91    2.98   43.08  100.16
 441.74   11.82    0.74 1033.73  255.57   61.11
1181.01   17.19  103.89  127.37  732.15   81.83
1142.30   13.48  157.27   65.89   31.70  755.59

2918.60    0.01   13.83    0.09    4.36    8.60
1428.01  527.38   18.81   52.94   43.48   64.18
1398.61    0.01  312.34    0.04   10.80   45.08
 466.93    9.15    1.26 1223.22  250.42   52.76
 950.00    6.79   51.07   81.11  404.82   72.15
1093.76    9.36   99.68   49.86   13.88  666.40

3238.81    0.01    0.09    0.09    8.96    1.16
1310.18  339.42    2.57   40.29   38.78  103.65
1113.30    0.01  248.56    0.04    3.83   20.56
 435.29    7.90    0.02 1949.92  124.88   13.28
 790.48    6.29   48.58   75.41  235.86   25.80
 864.88   10.58   99.64   71.90    9.50  443.58
"""

_JOINT = MappingProxyType({'face': FACE, 'voice': VOICE})


def joint(name: str) -> NDArray[np.float64]:
    """Return the table of 'face' or 'voice', shape (knots, shown, named); rows sum to 1."""
    k = len(CLASSES)
    table = np.array(_JOINT[name].split(), dtype=np.float64).reshape(-1, k, k)
    table = np.maximum(table, 0.01)
    return np.asarray(table / table.sum(axis=(0, 2))[:, None])
