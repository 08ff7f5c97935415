"""Random and damaged inputs, against what the program promises of every input.

``targets`` holds what is promised, a function a target; ``mutation`` changes bytes at random, with nothing installed;
``__main__`` drives the targets by atheris, which looks for inputs that take new ways through the code.
"""
