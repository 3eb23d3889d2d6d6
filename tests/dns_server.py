"""A name server with texts of our own: the outer wall of what a domain publishes."""

from __future__ import annotations

import socket
import struct
from collections.abc import Mapping
from threading import Thread
from types import TracebackType
from typing import Self

HOST = "127.0.0.1"


class DnsServer:
    """Answers questions for texts by UDP, or by TCP alone (`by_stream`); a name it does not know does not exist.

    `garbled`: answers nothing that could be read.
    """

    def __init__(self, texts: Mapping[str, str], *, by_stream: bool = False, garbled: bool = False) -> None:
        self._texts, self._by_stream, self._garbled = texts, by_stream, garbled
        self._line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._line.bind((HOST, 0))
        self._stream = socket.create_server(self._line.getsockname())
        self.address = f"{HOST}:{self._line.getsockname()[1]}"
        self.asked: list[str] = []
        self._threads = [Thread(target=self._datagrams), Thread(target=self._streams)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.sendto(b"", self._line.getsockname())
        socket.create_connection(self._line.getsockname()).close()
        for thread in self._threads:
            thread.join()
        self._line.close()
        self._stream.close()

    def _datagrams(self) -> None:
        while True:
            question, sender = self._line.recvfrom(512)
            if not question:
                return
            self._line.sendto(self._answer(question, cut=self._by_stream), sender)

    def _streams(self) -> None:
        while True:
            connection, _sender = self._stream.accept()
            with connection:
                length = connection.recv(2)
                if not length:
                    return
                answer = self._answer(connection.recv(struct.unpack(">H", length)[0]), cut=False)
                connection.sendall(struct.pack(">H", len(answer)) + answer)

    def _answer(self, question: bytes, *, cut: bool) -> bytes:
        if self._garbled:
            return b"\0" * 5
        name, end = self._name(question)
        self.asked.append(name)
        text = self._texts.get(name)
        flags = 0x8180 | (0x0200 if cut else 0) | (0 if text is not None else 3)
        head = question[:2] + struct.pack(">HHHHH", flags, 1, 0 if text is None or cut else 1, 0, 0)
        body = question[12 : end + 4]
        if text is None or cut:
            return head + body
        pieces = [text.encode()[at : at + 255] for at in range(0, len(text), 255)]
        data = b"".join(bytes([len(piece)]) + piece for piece in pieces)
        return head + body + b"\xc0\x0c" + struct.pack(">HHIH", 16, 1, 60, len(data)) + data

    def _name(self, question: bytes) -> tuple[str, int]:
        labels, place = [], 12
        while question[place]:
            labels.append(question[place + 1 : place + 1 + question[place]].decode())
            place += question[place] + 1
        return ".".join(labels), place + 1
