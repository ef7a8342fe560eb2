"""Keras's half of keras_tutorial.py, which starts it: the tutorial's two models as Keras has them.

Needs TensorFlow, Keras and NumPy only. Reads a line of JSON from stdin before each epoch and each
measurement, and answers with a line of JSON on stdout, so that both halves take turns on the same cores.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

CONVOLUTIONS = ((64, 1), (128, 2), (256, 4))


def answer(**values: Any) -> None:
    """Send one line."""
    print("ANSWER " + json.dumps(values), flush=True)


def wait() -> dict[str, Any]:
    """Wait for this half's turn; return what is asked."""
    line = sys.stdin.readline()
    if not line:
        sys.exit(1)
    return json.loads(line)


def network(kind: str, vocabulary: int) -> Any:
    """Return the tutorial's model, compiled."""
    import keras
    from keras import layers

    model = keras.Sequential([keras.Input((32,), dtype="int32"), layers.Embedding(vocabulary, 100)])
    if kind == "tutorial-wavenet":
        for filters, dilation in CONVOLUTIONS:
            model.add(
                layers.Conv1D(filters, 3, padding="causal", dilation_rate=dilation, activation="relu")
            )
            model.add(layers.Dropout(0.2))
            model.add(layers.MaxPooling1D(2))
        model.add(layers.GlobalMaxPooling1D())
    else:
        model.add(layers.LSTM(128, return_sequences=True))
        model.add(layers.LSTM(128))
    model.add(layers.Dense(256, activation="relu"))
    model.add(layers.Dense(vocabulary, activation="softmax", dtype="float32"))
    model.compile(loss="sparse_categorical_crossentropy", optimizer="adam")
    return model


def turns() -> Any:
    """Return the callback that waits before each epoch and answers with its losses and seconds."""
    import keras

    class Turns(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            wait()
            self.wall, self.cpu = time.perf_counter(), time.process_time()

        def on_test_begin(self, logs: Any = None) -> None:
            self.trained = time.perf_counter()

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            ended, cpu = time.perf_counter(), time.process_time()
            answer(
                number=epoch + 1,
                train=float(logs["loss"]),
                valid=float(logs["val_loss"]),
                seconds=ended - self.wall,
                train_seconds=self.trained - self.wall,
                cpu_seconds=cpu - self.cpu,
            )

    return Turns()


def generated(step: Callable[[np.ndarray], np.ndarray], prompt: np.ndarray, count: int) -> dict[str, Any]:
    """Return ms per note and the tokens of the tutorial's loop, always the likeliest."""
    window, tokens = list(map(int, prompt)), []
    began, cpu = time.perf_counter(), time.process_time()
    for _ in range(count):
        tokens.append(int(np.argmax(step(np.array([window], np.int32))[0])))
        window = [*window[1:], tokens[-1]]
    return {
        "ms": 1000 * (time.perf_counter() - began) / count,
        "cpu_ms": 1000 * (time.process_time() - cpu) / count,
        "tokens": tokens,
    }


def main() -> None:
    """Train when told, then generate when told."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("windows")
    parser.add_argument("kind")
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--batch-size", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--policy", required=True)
    args = parser.parse_args()
    import keras
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(args.threads)
    tf.config.threading.set_inter_op_parallelism_threads(args.threads)
    keras.mixed_precision.set_dtype_policy(args.policy)
    keras.utils.set_random_seed(args.seed)
    data = np.load(args.windows)
    model = network(args.kind, int(data["vocabulary"]))
    answer(keras=keras.__version__, tensorflow=tf.__version__, parameters=model.count_params())
    model.fit(
        data["train_tokens"],
        data["train_following"],
        batch_size=args.batch_size,
        epochs=args.epochs,
        validation_data=(data["valid_tokens"], data["valid_following"]),
        verbose=0,
        callbacks=[turns()],
    )
    prompt = data["valid_tokens"][0]
    compiled = tf.function(
        lambda tokens: model(tokens, training=False), input_signature=[tf.TensorSpec((1, 32), tf.int32)]
    )

    def predict(window: np.ndarray) -> np.ndarray:
        return model.predict(window, verbose=0)

    def call(window: np.ndarray) -> np.ndarray:
        return compiled(tf.constant(window)).numpy()

    for step in (predict, call):
        generated(step, prompt, 2)  # traced and compiled
    for _ in range(args.rounds):
        wait()
        answer(predict=generated(predict, prompt, 20), function=generated(call, prompt, 100))
    asked = wait()
    openings = data["valid_tokens"][asked["openings"]]
    answer(tokens=[generated(call, each, asked["count"])["tokens"] for each in openings])


if __name__ == "__main__":
    main()
