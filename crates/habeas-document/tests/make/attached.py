"""Makes the messages of `../fixtures/mail` that hold files or words where MIME has none: uuencoded.eml, footer.eml.

Nobody in them exists. Run it from this folder."""
import base64
import binascii


def uuencoded(name, content):
    lines = [binascii.b2a_uu(content[at:at + 45], backtick=True).decode().rstrip("\n")
             for at in range(0, len(content), 45)]
    return [f"begin 644 {name}", *lines, "`", "end"]


def encoded(text):
    return base64.encodebytes(text.encode()).decode().strip()


def write(name, text):
    with open("../fixtures/mail/" + name, "w", newline="") as file:
        file.write(text.replace("\n", "\r\n"))


visits = uuencoded("visits.csv", b"Name,Phone\nAmara Lind,07700 900123\nBo Ek,07700 900456\n")
cut = uuencoded("cut.txt", b"Cy Moss asked for a copy of his record on 3 May.\n" * 3)[:3]
write("uuencoded.eml", "\n".join([
    "From: Zoe Low <zoe@example.org>", "To: ida@example.org", "Subject: Two files",
    "Date: Tue, 4 Mar 1997 10:02:00 +0000", "Message-ID: <uu@example.org>", "",
    "Dear Ida,", "", "here are the visits.", "", *visits, "",
    "And the note, of which the end got lost:", "", *cut, "", "Regards, Zoe Low", ""]))
write("footer.eml", f"""From: Zoe Low <zoe@example.org>
To: amara@example.org
Subject: Visit
Date: Tue, 4 Mar 2025 10:02:00 +0000
Message-ID: <tail@example.org>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64

{encoded("Dear Amara Lind, your visit on 12 March is booked. "
         "Please bring your card, and ring if you can not come." + chr(10))}
Sent to the list of the clinic
Remove Cy Moss or call 07700 900789
--b
Content-Type: application/octet-stream; name="visit.txt"
Content-Disposition: attachment; filename="visit.txt"
Content-Transfer-Encoding: base64

{encoded("Visit of Bo Ek, 13 March." + chr(10))}
Scanned by the gateway of Ida Berg
--b--
""")
