#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""hostile.py <program> [seed] - one that keeps to nothing talks to a peer over UDP and MSRP; the peer lives, and still takes what is sound.

Each check is a function: what is sent, and what must come of it. Between any two a sound message is answered and shown."""
import hashlib, os, random, re, select, socket, subprocess, sys, time

HOST = "127.0.0.1"


def port_pair():
    with socket.socket() as a, socket.socket() as b:
        a.bind((HOST, 0))
        b.bind((HOST, 0))
        return a.getsockname()[1], b.getsockname()[1]


class Peer:
    """The program, its lines, and our socket that speaks SIP to it."""

    def __init__(self, program, transport="udp"):
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind((HOST, 0))
        self.ours = self.udp.getsockname()[1]
        self.port, self.media = port_pair()
        self.address = "sip:bob@example.test"
        self.lines, self.rest = [], b""
        self.process = subprocess.Popen([program, "--user", self.address, "--sip", f"{transport}:{HOST}:{self.port}", "--media", f"{HOST}:{self.media}",
                                         "--peer", "sip:eve@example.test", f"sip:eve@{HOST}:{self.ours}"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        os.set_blocking(self.process.stdout.fileno(), False)
        assert self.await_line("ready"), "the program does not begin: " + self.process.stderr.read1().decode()

    def end(self):
        self.command("quit")
        status = self.process.wait(15)
        said = self.process.stderr.read().decode(errors="replace")
        assert status == 0, f"it ended with {status}: {said[-3000:]}"

    def read(self, seconds):
        select.select([self.process.stdout], [], [], seconds)
        self.rest += self.process.stdout.read() or b""
        *lines, self.rest = self.rest.split(b"\n")
        self.lines += [line.decode(errors="replace") for line in lines]

    def await_line(self, pattern, seconds=10):
        end = time.monotonic() + seconds
        while True:
            found = [line for line in self.lines if re.search(pattern, line)]
            if found or time.monotonic() > end or self.process.poll() is not None:
                return found
            self.read(0.05)

    def command(self, text):
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()

    def send(self, octets):
        self.udp.sendto(octets if isinstance(octets, bytes) else octets.encode(), (HOST, self.port))

    def receive(self, want, seconds=5, reply=True, method=""):
        """The first datagram whose start line and method match; requests that come besides get 200."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not select.select([self.udp], [], [], 0.1)[0]:
                continue
            text = self.udp.recv(65536).decode(errors="replace")
            if re.match(want, text) and field(text, "CSeq").endswith(method):
                return text
            if reply and not text.startswith("SIP/2.0") and not text.startswith("ACK"):
                self.send(response(text, 200))
        return None


def unique():
    return f"{random.getrandbits(64):016x}"


def field(message, name):
    found = re.search(rf"(?mi)^{name}\s*:\s*(.*?)\r?$", message)
    return found.group(1) if found else ""


def request(peer, method, body="", lines="", call=None, tag="f1", to_tag="", cseq=1, branch=None):
    to = f"<{peer.address}>" + (f";tag={to_tag}" if to_tag else "")
    return (f"{method} sip:bob@{HOST}:{peer.port} SIP/2.0\r\nVia: SIP/2.0/UDP {HOST}:{peer.ours};branch=z9hG4bK{branch or unique()}\r\nMax-Forwards: 70\r\n"
            f"From: <sip:eve@example.test>;tag={tag}\r\nTo: {to}\r\nCall-ID: {call or unique()}\r\nCSeq: {cseq} {method}\r\n"
            f"Contact: <sip:eve@{HOST}:{peer.ours}>\r\n{lines}Content-Length: {len(body.encode())}\r\n\r\n{body}")


def response(asked, status, body="", lines="", tag="t1", reason="Whatever"):
    to = field(asked, "To")
    if "tag=" not in to and tag:
        to += f";tag={tag}"
    return (f"SIP/2.0 {status} {reason}\r\nVia: {field(asked, 'Via')}\r\nFrom: {field(asked, 'From')}\r\nTo: {to}\r\nCall-ID: {field(asked, 'Call-ID')}\r\n"
            f"CSeq: {field(asked, 'CSeq')}\r\n{lines}Content-Length: {len(body.encode())}\r\n\r\n{body}")


def cpim(text, message_id=None, asks="negative-delivery"):
    return (f"From: <sip:eve@example.test>\r\nTo: <sip:bob@example.test>\r\nDateTime: 2026-03-01T09:30:00Z\r\nNS: imdn <urn:ietf:params:imdn>\r\n"
            f"imdn.Message-ID: {message_id or unique()}\r\nimdn.Disposition-Notification: {asks}\r\n\r\nContent-Type: text/plain\r\n\r\n{text}")


TAG = 'Accept-Contact: *;+g.3gpp.icsi-ref="urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.{}"\r\nContribution-ID: {}\r\nConversation-ID: {}\r\n'
CPIM = "Content-Type: message/cpim\r\n"


def tagged(what):
    return TAG.format(what, unique(), unique())


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def sound(peer):
    """What is sound is answered, and shown."""
    assert peer.process.poll() is None, f"the program ended with {peer.process.returncode}: " + peer.process.stderr.read().decode()[-3000:]
    text = "sound " + unique()
    peer.send(request(peer, "MESSAGE", cpim(text), tagged("msg") + CPIM))
    assert peer.receive("SIP/2.0 2"), "a sound message is not answered"
    assert peer.await_line(digest(text)), "a sound message is not shown"


# ---- what comes ------------------------------------------------------------------------------------------------------------------


def noise(peer):
    good = request(peer, "MESSAGE", cpim("x"), tagged("msg") + CPIM).encode()
    peer.send(b"")
    peer.send(b"\r\n\r\n")
    peer.send(b"\0" * 1000)
    peer.send(random.randbytes(60000))
    peer.send(good[:300] + b"\0" + good[300:])
    peer.send(good.replace(b"Content-Length: ", b"Content-Length: 99999"))
    peer.send(good.replace(b"CSeq: 1", b"CSeq: 99999999999999999999"))
    peer.send(good.replace(b"\r\nTo:", b"\r\nTo: \"\r\nX:"))
    peer.send(good.replace(b"\r\nCall-ID", b"".join(b"\r\nX-%d: y" % i for i in range(3000)) + b"\r\nCall-ID"))
    for _ in range(150):
        mangled = bytearray(good)
        for _ in range(random.randrange(1, 8)):
            mangled[random.randrange(len(mangled))] = random.randrange(256)
        peer.send(bytes(mangled[:random.randrange(20, len(mangled))] if random.random() < 0.3 else mangled))
    while peer.receive(".", 0.3):
        pass


def again(peer):
    """One that comes again is shown once: by the transaction, and by its imdn.Message-ID."""
    text, ident = "again " + unique(), unique()
    one = request(peer, "MESSAGE", cpim(text, ident), tagged("msg") + CPIM, call="again" + ident, branch=ident)
    for _ in range(3):
        peer.send(one)
    peer.send(request(peer, "MESSAGE", cpim(text, ident), tagged("msg") + CPIM))
    assert peer.receive("SIP/2.0 200", 2)
    while peer.receive(".", 0.4):
        pass
    assert len(peer.await_line(digest(text))) == 1, "a message was shown twice"


SDP = ("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=message {port} TCP/MSRP *\r\na=accept-types:message/cpim\r\n"
       "a=path:msrp://127.0.0.1:{port}/{session};tcp\r\na={direction}\r\na=setup:{setup}\r\na=file-selector:size:{size}\r\na=msrp-cema\r\n")


def offer(peer, size=1000, setup="active", call=None, branch=None, body=None):
    session = unique()
    sdp = SDP.format(port=9, session=session, direction="sendonly", setup=setup, size=size) if body is None else body
    lines = tagged("largemsg") + "Content-Type: application/sdp\r\nSupported: timer\r\n"
    return request(peer, "INVITE", sdp, lines, call=call, branch=branch), session


def ack(peer, answer, call, method="ACK", cseq=1):
    return request(peer, method, call=call, to_tag=re.search("tag=([^;\r]*)", field(answer, "To")).group(1), cseq=cseq)


def left(peer, seconds, why):
    """It says BYE, and has its 200."""
    bye = peer.receive("BYE", seconds, reply=False)
    assert bye, why
    peer.send(response(bye, 200))


def settle_invite(peer, invite, call, branch):
    """Whatever the final response is, it is acknowledged, and what stands is left."""
    answer = peer.receive("SIP/2.0 [2-6]", method="INVITE")
    assert answer, "an INVITE has no final response"
    if answer.startswith("SIP/2.0 2"):
        peer.send(ack(peer, answer, call))
        peer.send(ack(peer, answer, call, "BYE", 2))
        assert peer.receive("SIP/2.0 200", method="BYE"), "a BYE has no answer"
    else:
        peer.send(invite.replace("INVITE", "ACK"))
    return answer


def invitations(peer):
    bodies = ["", "x", "v=0\r\n", SDP.format(port=70000, session="a", direction="sendonly", setup="active", size=1),
              SDP.format(port=9, session="a", direction="sendonly", setup="active", size=2 ** 70),
              SDP.format(port=9, session="a" * 3000, direction="sendrecv", setup="holdconn", size=-1), "m=message\r\n" * 500]
    for body in bodies:
        call, branch = unique(), unique()
        invite, _ = offer(peer, call=call, branch=branch, body=body)
        peer.send(invite)
        settle_invite(peer, invite, call, branch)


def cancelled(peer):
    """Before an answer, or behind it: CANCEL has its 200, and INVITE a final response."""
    for _ in range(3):
        call, branch = unique(), unique()
        invite, _ = offer(peer, call=call, branch=branch)
        peer.send(invite)
        peer.send(re.sub("INVITE", "CANCEL", invite.split("Contact")[0]) + "Content-Length: 0\r\n\r\n")
        settle_invite(peer, invite, call, branch)
        while peer.receive(".", 0.2):
            pass


def unacknowledged(peer):
    """A 2xx that is not acknowledged comes again; the dialog can be left all the same."""
    call = unique()
    invite, _ = offer(peer, call=call)
    peer.send(invite)
    first = peer.receive("SIP/2.0 200")
    assert first and peer.receive("SIP/2.0 200", 2), "a 2xx without ACK does not come again"
    peer.send(ack(peer, first, call))
    peer.send(ack(peer, first, call, "BYE", 2))
    assert peer.receive("SIP/2.0 200")
    peer.send(ack(peer, first, call, "BYE", 3))
    assert peer.receive("SIP/2.0 (481|200)"), "a request in a dialog that is gone has no answer"
    peer.send(request(peer, "BYE", call=unique(), to_tag="none"))
    assert peer.receive("SIP/2.0 481"), "a request in no dialog is not refused with 481"


def strange_methods(peer):
    for method in ("OPTIONS", "INFO", "SUBSCRIBE", "PUBLISH", "REFER", "XYZZY"):
        peer.send(request(peer, method))
        assert peer.receive("SIP/2.0 [2-6]"), f"{method} has no answer"


# ---- MSRP ----------------------------------------------------------------------------------------------------------------------------


def msrp(peer):
    return socket.create_connection((HOST, peer.media), 5)


def close_all(sockets):
    for s in sockets:
        s.close()


def msrp_noise(peer):
    lines = [msrp(peer) for _ in range(20)]
    for i, line in enumerate(lines):
        line.settimeout(5)
        try:
            line.sendall([b"", b"MSRP", b"\r\n" * 100, b"MSRP a SEND\r\n" + b"X: y\r\n" * 10000, random.randbytes(70000), b"MSRP abcd SEND\r\nTo-Path: x\r\n",
                          b"MSRP abcdefgh 200 OK\r\nTo-Path: msrp://a/b;tcp\r\nFrom-Path: msrp://a/b;tcp\r\n-------abcdefgh$\r\n"][i % 7])
        except OSError:
            pass                                          # it was closed before all of it was there
    sound(peer)
    close_all(lines)
    many = [msrp(peer) for _ in range(150)]               # more than are taken, and nothing is said on them
    sound(peer)
    whole_transfer(peer)
    close_all(many)


def frame(session, ours, octets, first, total, flag="$", ident="m1aa"):
    tid = unique()
    return (f"MSRP {tid} SEND\r\nTo-Path: {session}\r\nFrom-Path: {ours}\r\nMessage-ID: {ident}\r\nByte-Range: {first}-{first + len(octets) - 1}/{total}\r\n"
            f"Content-Type: message/cpim\r\n\r\n").encode() + octets + f"\r\n-------{tid}{flag}\r\n".encode()


def session(peer, size):
    call = unique()
    invite, ours = offer(peer, size=size, call=call)
    peer.send(invite)
    answer = peer.receive("SIP/2.0 200", method="INVITE")
    assert answer, "an INVITE is not taken"
    peer.send(ack(peer, answer, call))
    return call, answer, re.search(r"a=path:(\S+)", answer).group(1), f"msrp://127.0.0.1:9/{ours};tcp"


def broken_transfers(peer):
    """Ends in the middle, lies about its size, overlaps, is for another session, or is never sent."""
    content = cpim("y" * 600).encode()
    n = len(content)
    ways = [[(content[:100], 1, n, "+")], [(content, 1, 10 ** 15, "$")], [(content, 2 ** 63, n, "$")], [(content[:100], 1, n, "#")],
            [(content[:300], 1, n, "+"), (content[100:400], 101, n, "+")], [(content + b"more", 1, n, "$")], [(b"z" * 900, 1, 900, "$")]]
    for way in ways:
        call, answer, path, ours = session(peer, n)
        line = msrp(peer)
        line.settimeout(2)
        try:
            for octets, first, total, flag in way:
                line.sendall(frame(path, ours, octets, first, total, flag))
            line.sendall(frame(path + "x", ours, content, 1, n))
            line.recv(65536)
        except OSError:
            pass
        line.close()
        peer.send(ack(peer, answer, call, "BYE", 2))
        while peer.receive(".", 0.1):
            pass


def whole_transfer(peer):
    """And one that is sound, in the smallest pieces."""
    text = "whole " + unique()
    content = cpim(text).encode()
    call, answer, path, ours = session(peer, len(content))
    line = msrp(peer)
    octets = frame(path, ours, content[:50], 1, len(content), "+") + frame(path, ours, content[50:], 51, len(content))
    for i in range(0, len(octets), 7):
        line.sendall(octets[i:i + 7])
    line.settimeout(5)
    got = b""
    while got.count(b" 200 ") < 2:
        got += line.recv(65536)
    peer.send(ack(peer, answer, call, "BYE", 2))
    assert peer.await_line(digest(text)), "a message over MSRP is not shown"
    line.close()


# ---- SIP over TCP ------------------------------------------------------------------------------------------------------------------------


def streams(program):
    """Garbage, messages without end and without length; then a sound one in the smallest pieces, and two in one."""
    peer = Peer(program, "tcp")
    good = request(peer, "MESSAGE", cpim("x"), tagged("msg") + CPIM).replace("SIP/2.0/UDP", "SIP/2.0/TCP")
    junk = [b"\r\n" * 1000, random.randbytes(70000), good[:200].encode(), good.replace("Content-Length: ", "Content-Length: 9999999").encode(),
            re.sub("Content-Length.*", "X: y", good).encode(), b"\0" * 3000, ("MESSAGE sip:a SIP/2.0\r\n" + "X: y\r\n" * 2000).encode(),
            b"GET / HTTP/1.1\r\n\r\n", good.replace("Content-Length: ", "Content-Length: -").encode(), b"SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"]
    lines = []
    for octets in junk * 3:
        line = socket.create_connection((HOST, peer.port), 5)
        lines.append(line)
        try:
            line.sendall(octets)
        except OSError:
            pass                                          # it was closed before all of it was there
    with socket.create_connection((HOST, peer.port), 5) as line:
        texts = [f"stream {i} {unique()}" for i in range(3)]
        messages = [request(peer, "MESSAGE", cpim(t), tagged("msg") + CPIM).replace("SIP/2.0/UDP", "SIP/2.0/TCP").encode() for t in texts]
        for i in range(0, len(messages[0]), 11):
            line.sendall(messages[0][i:i + 11])
        line.sendall(messages[1] + messages[2])
        for text in texts:
            assert peer.await_line(digest(text)), "a message in a stream is not shown"
        got = b""
        while got.count(b"SIP/2.0 20") < 3:
            got += line.recv(65536)
    close_all(lines)
    peer.end()


# ---- answers to what it sends --------------------------------------------------------------------------------------------------------------


def odd_answers(peer):
    """To a MESSAGE: garbage, another's, none that counts; then one that does."""
    odd = [lambda m: "SIP/2.0 200 OK\r\n\r\n", lambda m: response(m, 200).replace("CSeq: ", "CSeq: 9"), lambda m: response(m, 200).replace("branch=", "branch=x"),
           lambda m: response(m, 200)[:60], lambda m: response(m, 99), lambda m: response(m, "2000"), lambda m: response(m, 183), lambda m: random.randbytes(500)]
    for make in odd:
        peer.command("send sip:eve@example.test hello")
        asked = peer.receive("MESSAGE")
        assert asked, "it sends nothing"
        peer.send(make(asked))
        peer.send(response(asked, 404))
        peer.send(response(asked, 404))
        peer.send(response(asked, 200))
    assert peer.await_line("^failed .* 404"), "a refusal is not told"
    for status in (302, 401, 407, 503, 600, 699):
        peer.command("send sip:eve@example.test hello")
        asked = peer.receive("MESSAGE")
        peer.send(response(asked, status, lines="WWW-Authenticate: Digest\r\nRetry-After: x\r\nContact: *\r\n"))
        assert peer.await_line(f"^failed .* {status}"), f"{status} is not told"


def odd_sessions(peer):
    """To an INVITE: 2xx that say nothing, nowhere, twice, and from two."""
    def answered(body, lines="Content-Type: application/sdp\r\n"):
        peer.command("large sip:eve@example.test 5000")
        asked = peer.receive("INVITE")
        assert asked, "it invites nobody"
        contact = f"Contact: <sip:eve@{HOST}:{peer.ours}>\r\n"
        good = response(asked, 200, body, contact + lines)
        peer.send(response(asked, 180, lines=contact))
        peer.send(good)
        assert peer.receive("ACK"), "a 2xx is not acknowledged"
        return asked, good
    nobody = SDP.format(port=1, session="s", direction="recvonly", setup="passive", size=1)
    for body in ("", "garbage", nobody, nobody.replace("msrp:", "http:"), nobody.replace("m=message 1", "m=message 0"), nobody.replace("127.0.0.1", "0.0.0.300")):
        asked, good = answered(body)
        left(peer, 8, "a session that cannot be is not left")
        peer.send(good)                                                        # and it comes again
        while peer.receive(".", 0.2):
            pass
    peer.lines.clear()
    waits = nobody.replace("setup:passive", "setup:active")                    # nobody will connect
    asked, good = answered(waits)
    peer.send(good)
    assert peer.receive("ACK", 3), "a 2xx that comes again is not acknowledged again"
    peer.send(good.replace("tag=t1", "tag=t2"))
    assert peer.receive("ACK .*", 5) , "a 2xx of another dialog is not acknowledged"
    left(peer, 5, "the dialog of another 2xx is not left")
    peer.send(request(peer, "BYE", call=field(asked, "Call-ID"), tag="t1", to_tag=re.search("tag=([^;\r]*)", field(asked, "From")).group(1), cseq=7))
    assert peer.receive("SIP/2.0 200"), "a BYE of the other side has no answer"
    assert peer.await_line("^failed"), "a session that was left has not failed"


CHECKS = [noise, again, invitations, cancelled, unacknowledged, strange_methods, msrp_noise, broken_transfers, whole_transfer, odd_answers, odd_sessions]


def main():
    random.seed(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    peer = Peer(sys.argv[1])
    try:
        sound(peer)
        for check in CHECKS:
            began = time.monotonic()
            check(peer)
            sound(peer)
            print(f"{check.__name__:20} {time.monotonic() - began:5.1f} s")
        peer.end()
        streams(sys.argv[1])
    except AssertionError as why:
        print("hostile.py:", why, *peer.lines[-8:], sep="\n  ")
        return 1
    finally:
        peer.process.kill()
        peer.udp.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
