"""Makes `../fixtures/locked/letter.odt` and `old.odt` with LibreOffice: the same letter, encrypted as OpenDocument 1.3
says and as 1.1 said. Nobody in it exists; the password is `secret`. Both differ from run to run.

Run it from this folder with the Python that has `uno`, while this runs:
`soffice --headless --norestore --accept="pipe,name=habeas;urp"`; LibreOffice 7.4 made what is there."""
import os

import uno
from com.sun.star.beans import PropertyValue

LETTER = "Dear Amara Lind,\nyour visit on 12 March is booked. Ring 07700 900123."


def value(name, value):
    property = PropertyValue()
    property.Name, property.Value = name, value
    return property


local = uno.getComponentContext()
resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
context = resolver.resolve("uno:pipe,name=habeas;urp;StarOffice.ComponentContext")
create = lambda name: context.ServiceManager.createInstanceWithContext(name, context)
desktop, settings = create("com.sun.star.frame.Desktop"), create("com.sun.star.configuration.ConfigurationProvider")
for version, name in ((3, "letter"), (2, "old")):
    odf = settings.createInstanceWithArguments(
        "com.sun.star.configuration.ConfigurationUpdateAccess",
        (value("nodepath", "/org.openoffice.Office.Common/Save/ODF"),))
    odf.setPropertyValue("DefaultVersion", version)
    odf.commitChanges()
    letter = desktop.loadComponentFromURL("private:factory/swriter", "_blank", 0, (value("Hidden", True),))
    letter.Text.setString(LETTER)
    letter.DocumentProperties.Author, letter.DocumentProperties.Title = "Zoe Low", "Letter to Amara Lind"
    target = os.path.abspath(f"../fixtures/locked/{name}.odt")
    letter.storeToURL(f"file://{target}", (value("FilterName", "writer8"), value("Password", "secret")))
    letter.close(True)
