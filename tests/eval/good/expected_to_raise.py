import unittest
import pytest
import torch.nn as nn
def test_a():
    with pytest.raises(ValueError):
        nn.init.calculate_gain('gelu')
def test_e():
    with pytest.raises(ValueError):
        nn.init.kaiming_normal_(nn.Linear(4, 4).weight, 'fan_out')
def test_f():
    with pytest.raises(ValueError):
        nn.init.kaiming_normal_(nn.Linear(4, 4).weight, nonlinearity='gelu')
class T(unittest.TestCase):
    def test_b(self):
        with self.assertRaises(ValueError):
            nn.init.calculate_gain('gelu')
