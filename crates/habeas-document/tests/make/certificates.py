"""Makes `../fixtures/certificates` with OpenSSL: certificates and signed messages of people who do not exist.

Keys are made anew each time and thrown away, so the files differ from run to run and say the same. Run it
with Python 3.10 or newer and OpenSSL 3 from this folder."""
import os
import subprocess
import tempfile

TO = os.path.abspath("../fixtures/certificates")
MESSAGE = b"""Content-Type: multipart/mixed; boundary="m"\r
\r
--m\r
Content-Type: text/plain; charset=utf-8\r
Content-Transfer-Encoding: 8bit\r
\r
Dear Zo\xc3\xab, the results of Ida Berg are below.\r
--m\r
Content-Type: text/csv; name="results.csv"\r
Content-Disposition: attachment; filename="results.csv"\r
\r
Name,Result\r
Ida Berg,negative\r
--m--\r
"""
HEAD = (b"From: Amara Lind <amara@example.org>\nTo: =?utf-8?q?Zo=C3=AB?= Low <zoe@example.org>\n"
        b"Date: Tue, 4 Mar 2025 10:02:00 +0000\nSubject: Signed\n")
PERSON = """
[req]
distinguished_name = dn
prompt = no
x509_extensions = ext
string_mask = utf8only
utf8 = yes
[dn]
C = GB
O = Example Surgery Ltd
OU = Nurses
CN = Amara Lind
GN = Amara
SN = Lind
emailAddress = amara@example.org
[ext]
subjectAltName = email:amara.lind@example.org,otherName:1.3.6.1.4.1.311.20.2.3;UTF8:alind@example.org
nsComment = "Card 17, held by Zoë Low"
"""


def run(*words, stdin=None):
    return subprocess.run(["openssl", *words], input=stdin, check=True, capture_output=True).stdout


def write(name, data):
    open(os.path.join(TO, name), "wb").write(data)


os.makedirs(TO, exist_ok=True)
with tempfile.TemporaryDirectory() as work:
    os.chdir(work)
    open("person.cnf", "w").write(PERSON)
    run("ecparam", "-genkey", "-name", "prime256v1", "-out", "ca.key")
    run("req", "-x509", "-key", "ca.key", "-subj", "/C=GB/O=Example Trust/CN=Example Root CA", "-days", "36500",
        "-out", "ca.pem")
    run("ecparam", "-genkey", "-name", "prime256v1", "-out", "amara.key")
    run("req", "-new", "-key", "amara.key", "-config", "person.cnf", "-out", "amara.csr")
    run("x509", "-req", "-in", "amara.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", "4660", "-days", "36500",
        "-extfile", "person.cnf", "-extensions", "ext", "-out", "amara.pem")
    amara, ca = open("amara.pem", "rb").read(), open("ca.pem", "rb").read()
    write("amara.cer", run("x509", "-in", "amara.pem", "-outform", "DER"))
    write("amara.csr", open("amara.csr", "rb").read())
    write("chain.pem", b"Bag Attributes\n    friendlyName: Laptop of Ida Berg\n" + amara + b"\nissued by\n" + ca)
    sign = ["smime", "-sign", "-signer", "amara.pem", "-inkey", "amara.key", "-certfile", "ca.pem", "-binary"]
    write("letter.txt.p7m", run(*sign, "-nodetach", "-outform", "DER", stdin=b"Letter about Bo Ek, 07700 900123.\n"))
    write("streamed.txt.p7m", run("cms", *sign[1:], "-nodetach", "-stream", "-outform", "DER",
                                  stdin=b"Another one about Bo Ek.\n"))
    write("opaque.eml", HEAD + run(*sign, "-nodetach", "-outform", "SMIME", stdin=MESSAGE))
    write("detached.eml", HEAD + run(*sign, "-outform", "SMIME", stdin=MESSAGE))
    write("sealed.eml", HEAD + run("cms", "-encrypt", "-aes256", "-outform", "SMIME", "amara.pem", stdin=MESSAGE))
