//! The words of captions.

use habeas_model::{Meaning, Party};

/// What an ending means; endings are written without spaces.
pub(super) const ENDINGS: &[(Meaning, &str)] = &[
    (
        Meaning::Name,
        "naam nome volledigenaam kundenname nombrecompleto nomcomplet vollständigername klantnaam volledige assigneduser name names fullname completename displayname dispname knownas preferredname nickname \
         alias aliases cardholder nameoncard fileas attentionto attn salutationname nom \
         nombre namen",
    ),
    (
        Meaning::GivenName,
        "voornaam voornamen vornamen rufname prénoms prenoms fn firstname firstnames forename forenames givenname givennames given christianname \
         middlename middlenames middleinitial fname vorname prenom prénom",
    ),
    (
        Meaning::FamilyName,
        "achternaam zuname primerapellido segundoapellido sobrenome ln lastname surname namefamily familyname lname maidenname secondname birthname nachname \
         familienname apellido apellidos cognome nomdefamille",
    ),
    (
        Meaning::Email,
        "emailadres correoelectronico correoelectrónico adressemail adresseemail courrielélectronique recoveryemail email emails emailaddress emailaddresses emailid mailaddress correo emailadresse \
         courriel emailprimary emailwork emailhome emailpersonal",
    ),
    (
        Meaning::Phone,
        "telefonnummer mobil mobilnummer rufnummer festnetz festnetznummer handynummer numérodetéléphone numerodetelephone téléphoneportable tél móvil movil númerodeteléfono numerodetelefono telefoonnummer telefoonnr telefoon mobiel mobielnummer gsm telephones hometel worktel mobtel mob phone phones phonenumber phonenumbers phoneno phonenum telephone telephonenumber \
         telephoneno tel telno telnumber mobile mobilenumber mobileno mobilephone mobiletel \
         cell cellphone cellnumber landline landlinenumber fax faxnumber contactnumber \
         contactno msisdn whatsapp whatsappnumber callerid \
         ddinumber ddi textremindernumber smsnumber \
         daytimenumber eveningnumber worknumber homenumber telefon telefono teléfono \
         téléphone handy phonehome phonework phonemobile",
    ),
    (
        Meaning::Address,
        "adres anschrift rue calle dirección direccion ciudad localidad población plaats woonplaats stad stadt ort wohnort hausnummer straßeundhausnummer huisnummer straat apartment apt apartmentsuite unitno addr addrline flat building buildingname address addresses addressline addressstreet fulladdress street streetaddress \
         streetname road town city towncity village county locality housenumber houseno \
         housename flatnumber pobox addresscity adresse strasse straße ville wohnort \
         placeofresidence suburb",
    ),
    (
        Meaning::Postcode,
        "códigopostal codigopostal pc postleitzahlen cap postcode postalcode zip zipcode pcode postal addresszip plz codepostal postleitzahl \
         eircode mailingpostal",
    ),
    (
        Meaning::BirthDate,
        "geboortedatum geburtstag fechanacimiento fechadenac birth dob dateofbirth birthdate birthday bday born geburtsdatum datedenaissance \
         fechadenacimiento birthdt",
    ),
    (
        Meaning::Date,
        "fecha datetimestamp signin signout signedin signedout arrival arrivaltime departure departuretime timein timeout checkin checkout visitdate opdate admission surgerydate jointime leavetime date dates time datetime timestamp created createdat createdon updated updatedat \
         updatedon modified modifiedon lastmodified lastupdated lastlogin lastseen expiry \
         expires expirydate anniversary start end began finished timestart timeend \
         timeanswered startedat endedat deliveredat sentat sentdate scheduled readabledate \
         datum starttime endtime systemmodstamp lastchanged lastchange createdtime since when \
         epoch timestampms dateadded profilecreatedon systemdate duedate admitted discharged",
    ),
    (Meaning::NhsNumber, "nhs nhsnumber nhsno nhsnum nhsid newnhsnumber nhsnumberverified"),
    (
        Meaning::PersonReference,
        "hospno hospnumber ptno pid kundennummer klantnummer patientennummer numéroclient numeroclient dni nie bsn uid candidateid applicantid mrn crn hospitalnumber hospitalno patientnumber patientno patientid membershipnumber \
         membershipno memberno customernumber customerno clientnumber clientno staffnumber \
         payrollnumber employeenumber employeeno studentnumber leid euid policynumber \
         loyaltynumber governmentidnumber personid personnumber pasnumber chinumber \
         unitnumber jigsawcontactid isaccount customerreference clientreference \
         patientreference",
    ),
    (
        Meaning::Reference,
        "id ids identifier ref refs refno reference referencenumber referenceno number no num \
         nr uuid guid key uniqueid sid sku barcode orderno invoiceno ticketno mandate payout \
         subscription transfer",
    ),
    (
        Meaning::Username,
        "facebookname instagramname twittername username userlogin login loginname loginid handle screenname twitter instagram \
         facebook linkedin skype skypename tiktok socialhandle snapchat telegram",
    ),
    (
        Meaning::Ip,
        "anonymisedip anonymizedip ip ips ipaddress ipaddresses ipaddr remoteaddr clientip userip cip remotehost \
         sourceip",
    ),
    (
        Meaning::Device,
        "consentid consentkey visitoridentifier anonymousid fingerprinthash deviceid cookieid cookie gaclientid userpseudoid imei imsi macaddress mac idfa gaid \
         advertisingid visitorid sessionid fbclid gclid fingerprint serialnumber",
    ),
    (
        Meaning::Account,
        "iban sortcode bankaccount bankaccountnumber bankaccountno cardnumber cardno pan \
         pansuffix cardlast4 last4 lastfour cardlastfour accountno bankdetails \
         bankaccountname swedishidentitynumber paypalaccount",
    ),
    (
        Meaning::Organisation,
        "bedrijf bedrijfsnaam entreprise société empresa unternehmen organisatie company companyname organisation organization organisationname organizationname \
         employer employername business businessname firm webshopname accountname agency \
         school schoolname university clinic clinicname practice practicename surgery \
         surgeryname gppractice gpsurgery hospital hospitalname tradingname supplier \
         suppliername vendor associatedcompany firma charity insurer insurancecompany brand \
         merchant merchantname",
    ),
    (
        Meaning::Text,
        "opmerkingen notities remarques commentaires notas observaciones comentarios bemerkung bemerkungen notizen anmerkungen carreg vehiclereg carregistration vehicle relationship relation note notes comment comments description message messages body details remarks remark \
         feedback review content subject reason summary question answer response transcript \
         text history allergies medications diagnosis complaint enquiry inquiry requirements \
         title topic label labels location venue memo narrative observations symptoms \
         treatment outcome advice instructions additionalinformation moreinformation \
         otherinformation anythingelse extra jobtitle occupation profession \
         nationalinsurancenumber nationalinsuranceno nino ninumber passportnumber passportno \
         passport drivinglicence drivinglicencenumber drivinglicense licencenumber \
         vehicleregistration registrationnumber vrm numberplate taxnumber ssn url link \
         referer referrerurl useragent request userfield lastdata attachments requestedby \
         custom filename file path links webpage website hobby hobbies placeofbirth interests",
    ),
    (
        Meaning::Other,
        "ext extension status type amount price cost currency fee fees tax total subtotal net gross balance \
         quantity qty duration minutes seconds stage rating stars score rank language \
         timezone gender sex age source channel category categories tag tags country \
         countrycode region state province continent consent optin optout subscribed \
         unsubscribed active enabled deleted isdeleted verified version platform browser os \
         device direction disposition priority segment department team group role level grade \
         salutation prefix suffix initials ethnicity religion nationality maritalstatus \
         height weight bmi size count latitude longitude lat lng long gmtoff dstoff canceled \
         cancelled noshow paid refunded method product productname service services \
         servicename item itemname plan campaign campaignname adname adsetname formname \
         eventname eventtypename eventtype dealname listname segmentname sheetname filetype \
         servername domain domainurl domainname trunkname srctrunkname desttrunkname \
         devicename terminalname coursename testname drugname medicationname roomname \
         wardname projectname taskname queuename billname categoryname rolename teamname \
         departmentname groupname countryname currencyname packagename treatmentname \
         procedurename conditionname tagname fieldname columnname tablename classname \
         modulename planname pagename sitename websitename storename locationname \
         schemename typename statusname stagename pipelinename optionname \
         option1name templatename workflowname appname eventcategory httpstatus protocol read \
         monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun percent percentage billsec amaflags dcontext lastapp year month day week weekday \
         hour isorganic emailtype phonetype addresstype countryregion leadsource leadstatus \
         lifecyclestage",
    ),
];

/// Whole captions that mean nothing, or something else, at the end of a longer one.
pub(super) const ALONE: &[(&str, Option<Meaning>, Party)] = &[
    ("first", Some(Meaning::GivenName), Party::Unknown),
    ("last", Some(Meaning::FamilyName), Party::Unknown),
    ("home", None, Party::Principal),
    ("work", None, Party::Principal),
    ("from", None, Party::Sender),
    ("mail", Some(Meaning::Email), Party::Unknown),
    ("personneàcontacter", Some(Meaning::Name), Party::Other),
    ("personneacontacter", Some(Meaning::Name), Party::Other),
    ("contactdurgence", Some(Meaning::Name), Party::Other),
    ("sender", None, Party::Sender),
    ("author", Some(Meaning::Name), Party::Sender),
    ("caller", None, Party::Sender),
    ("src", None, Party::Sender),
    ("icenumber", Some(Meaning::Phone), Party::Other),
    ("callernumber", Some(Meaning::Phone), Party::Sender),
    ("callingnumber", Some(Meaning::Phone), Party::Sender),
    ("callednumber", Some(Meaning::Phone), Party::Recipient),
    ("dialednumber", Some(Meaning::Phone), Party::Recipient),
    ("diallednumber", Some(Meaning::Phone), Party::Recipient),
    ("visiting", Some(Meaning::Name), Party::Staff),
    ("personvisited", Some(Meaning::Name), Party::Staff),
    ("fromno", Some(Meaning::Phone), Party::Sender),
    ("tono", Some(Meaning::Phone), Party::Recipient),
    ("to", None, Party::Recipient),
    ("cc", None, Party::Recipient),
    ("bcc", None, Party::Recipient),
    ("recipient", None, Party::Recipient),
    ("recipients", None, Party::Recipient),
    ("callee", None, Party::Recipient),
    ("dst", None, Party::Recipient),
    ("emergencycontact", Some(Meaning::Name), Party::Other),
    ("emergencycontactdetails", None, Party::Other),
    ("alternatecontact", None, Party::Other),
    ("contact", None, Party::Principal),
    ("contactdetails", None, Party::Principal),
    ("user", None, Party::Principal),
    ("lead", Some(Meaning::Name), Party::Principal),
];

/// Words that are a person by themselves, so that a column called so holds a name.
pub(super) const PEOPLE: &[(Party, &str)] = &[
    (
        Party::Principal,
        "pt cust remitter debtor creditor patient client customer member subscriber invitee attendee participant respondent \
         applicant candidate donor consumer buyer purchaser payer holder resident tenant \
         occupant student pupil passenger visitor person individual employee worker volunteer \
         claimant complainant policyholder borrower delegate registrant winner supporter \
         recruit reviewer requester requestor enquirer inquirer kunde kundin cliente paciente klant patiënt patiente deceased",
    ),
    (Party::Recipient, "payee"),
    (
        Party::Other,
        "guest guests kin nok guardian parent parents mother father mum dad carer carers \
         caregiver spouse partner husband wife child children son daughter sibling siblings \
         brother sister relative dependant dependants dependent dependents beneficiary \
         referrer referee introducer friend companion escort witness executor solicitor \
         landlord chaperone counterparty assistant assistants interpreter advocate notfallkontakt angehöriger conjoint cónyuge contactpersoon",
    ),
    (
        Party::Staff,
        "owner agent assignee clinician consultant doctor gp surgeon anaesthetist nurse \
         midwife dentist practitioner physician therapist provider stylist advisor adviser \
         rep salesperson operator staff manager supervisor teacher tutor instructor trainer \
         coach technician engineer interviewer approver cashier recruiter handler caseworker \
         keyworker host organiser organizer admin administrator officer secretary receptionist registrar sonographer hygienist optometrist pharmacist physio radiologist pathologist anesthetist investigator assessor arzt behandler médecin médico arts behandelaar mitarbeiter",
    ),
];

/// Words before an ending that make the column somebody else's in another way.
pub(super) const WHOSE: &[(Party, &str)] = &[
    (Party::Other, "ice emergency alternate referral referred referring reports family"),
    (Party::Staff, "created modified updated assigned handled treating seen"),
    (Party::Sender, "from sender caller calling"),
    (Party::Recipient, "to recipient called dialed dialled dest destination final"),
];

/// Words before an ending that change nothing.
pub(super) const NEUTRAL: &str = "full complete legal primary main secondary personal private home work business mobile \
     day daytime evening current previous former maiden preferred display old new alternative \
     alt other additional mailing billing shipping delivery postal correspondence permanent \
     temporary residential registered registration verified raw original first second third \
     last contact contacts customers clients patients members card po sa user account lead \
     invoice order record profile details communications address phone email bank number the \
     your my their his her please enter what is are whats s and or of for confirm best house \
     line review created transaction payment appointment booking event call start end join \
     leave service date time submit submitted text reminder data subject links optin unsub \
     city street town external internal insured reference code id lifecycle stage status type \
     source product associated company country deal ticket case question custom name system \
     access login message total net gross amount discount unit marketing consent entry post \
     page web site treatment job ad campaign form adset location sms opt confirmation invitee \
     session log file timestamp received sent delivered read answered opened due completed \
     scheduled cancellation cancelled canceled expiry next utm response website";

/// Words that make `… name` or `… id` a thing's and no person's.
pub(super) const THINGS: &str = "product campaign event type deal file company form ad adset domain server host device \
     list service item plan trunk course test drug medication room ward project task queue \
     bill category role team department group country currency package treatment procedure \
     condition tag field column table class module page site store location building scheme \
     status stage pipeline option template workflow app business organisation organization \
     webshop brand session city street bucket folder label model song track book meeting job \
     position source segment network wifi";

/// Words that make `… id`, `… number` or `… reference` a person's.
pub(super) const PERSON_IDS: &str =
    "contact customers clients patients members user account lead profile";
