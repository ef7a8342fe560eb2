"""The bridge: fills scores for programs on this machine, over HTTP on 127.0.0.1 and nowhere else.

guard → app → jobs → worker → `bridge.host.answer`. The guard knows who may ask, the app what can be asked,
the jobs what waits, the worker how it is done; `run` starts and stops all of it.
"""
