"""Reports and file details as platforms send them, written by hand: every element once, invented people only."""

MINIMAL_REPORT = """<?xml version="1.0" encoding="UTF-8"?>
<report xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="https://report.cybertip.org/ispws/xsd">
  <incidentSummary>
    <incidentType>Online Enticement of Children for Sexual Acts</incidentType>
    <incidentDateTime>2026-02-03T04:05:06.789Z</incidentDateTime>
  </incidentSummary>
  <reporter>
    <reportingPerson>
      <email>trust@chat.example</email>
    </reportingPerson>
  </reporter>
</report>
"""

PERSON = """
<firstName>{0}</firstName>
<lastName>Example</lastName>
<phone type="Mobile" verified="true" verificationDate="2025-01-02T03:04:05Z" countryCallingCode="+91" extension="12">98765 0{1}</phone>
<phone>+1 202 555 01{1}</phone>
<email type="Home" verified="true" verificationDate="2025-01-02T03:04:05+05:30">{0}.{1}@mail.example</email>
<email>{0}.{1}@second.example</email>
<address type="Home">
  <address>{1} Invented Road</address><city>Pune</city><zipCode>4110{1}</zipCode>
  <nonUsaState>Maharashtra</nonUsaState><country>IN</country>
</address>
<address type="Billing"><address>{1} Made-up Street</address><city>Springfield</city><zipCode>627{1}</zipCode><state>IL</state><country>US</country></address>
"""

AGED = PERSON + "<age>{2}</age><dateOfBirth>2001-12-{1}</dateOfBirth>"

ACCOUNT = """
<espIdentifier>user-{0}</espIdentifier>
<espService>Chat Example</espService>
<compromisedAccount>false</compromisedAccount>
<screenName>screen_{0}</screenName>
<displayName>Display {0} one</displayName><displayName>Display {0} two</displayName>
<profileUrl>https://chat.example/u/{0}</profileUrl><profileUrl>chat.example/people/{0}</profileUrl>
<profileBio>Bio of {0}, writes to bio.{0}@mail.example</profileBio>
<ipCaptureEvent>
  <ipAddress>203.0.113.{0}</ipAddress><eventName>Upload</eventName><dateTime>2026-02-03T04:05:0{1}.123456789Z</dateTime>
  <possibleProxy>false</possibleProxy><port>5{0}</port>
</ipCaptureEvent>
<ipCaptureEvent><ipAddress>2001:db8::{0}</ipAddress><eventName>Login</eventName></ipCaptureEvent>
<deviceId><idType>IMEI</idType><idValue>49015420323{0}</idValue><eventName>Registration</eventName><dateTime>2026-01-0{1}T00:00:00+05:30</dateTime></deviceId>
"""

ENDING = """
<priorCTReports>1000{0}</priorCTReports><priorCTReports>2000{0}</priorCTReports>
{1}
<accountTemporarilyDisabled disabledDate="2026-02-04T00:00:0{2}Z" userNotified="true" userNotifiedDate="2026-02-04T01:00:0{2}Z" reenabledDate="2026-02-05T00:00:0{2}Z">true</accountTemporarilyDisabled>
<accountPermanentlyDisabled disabledDate="2026-02-06T00:00:0{2}Z" userNotified="false" userNotifiedDate="2026-02-06T01:00:0{2}Z">true</accountPermanentlyDisabled>
<estimatedLocation verified="false" timestamp="2026-02-07T00:00:0{2}Z"><city>Nagpur {0}</city><region>Maharashtra</region><countryCode>IN</countryCode></estimatedLocation>
<allEmailsReported>true</allEmailsReported>
"""

ASSOCIATED = """
<associatedAccount type="{0}">
  <platform thirdPartyUser="true">Pay Example {1}</platform>
  <firstName>Asha{1}</firstName><middleName>M{1}</middleName><lastName>Other{1}</lastName>
  <approximateAge>4{1}</approximateAge>
  <phone type="Work">+91 80000 0000{1}</phone>
  <email type="Business">pay{1}@business.example</email>
  <allEmailsReported>false</allEmailsReported>
  <address type="Technical"><city>Indore {1}</city></address>
  <espService>Wallet {1}</espService><espIdentifier>wallet-{1}</espIdentifier>
  <profileUrl>https://pay.example/{1}</profileUrl>
  <screenName>payer_{1}</screenName><displayName>Payer {1}</displayName>
  <profileBio>Pays {1}</profileBio>
  <groupIdentifier>circle-{1}</groupIdentifier>
  <compromisedAccount>true</compromisedAccount>
  <accountTemporarilyDisabled userNotified="true">false</accountTemporarilyDisabled>
  <accountPermanentlyDisabled disabledDate="2026-02-08T00:00:0{1}Z">true</accountPermanentlyDisabled>
  <ipCaptureEvent><ipAddress>198.51.100.{1}</ipAddress><eventName>Purchase</eventName><dateTime>2026-01-10T00:00:0{1}Z</dateTime><possibleProxy>true</possibleProxy><port>44{1}</port></ipCaptureEvent>
  <deviceId><idType>ICCID</idType><idValue>8991101200003204{1}</idValue></deviceId>
  <priorCTReport>3000{1}</priorCTReport><priorCTReport>3100{1}</priorCTReport>
  <additionalInfo>Linked by a card, note {1}</additionalInfo>
</associatedAccount>
"""

INCIDENTS = {
    "webPageIncident": """<webPageIncident thirdPartyHostedContent="true"><url>https://page.example/a?b=1&amp;c=2</url><url>page.example/no-scheme</url>
      <additionalInfo>Found by a user, seen from 192.0.2.77</additionalInfo></webPageIncident>""",
    "emailIncident": """<emailIncident><emailAddress type="Work" verified="false">sender@mail.example</emailAddress><emailAddress>to@mail.example</emailAddress>
      <content>From: sender@mail.example
Subject: asks for a picture</content><additionalInfo>Header kept apart</additionalInfo></emailIncident>""",
    "newsgroupIncident": """<newsgroupIncident><name>alt.invented</name><emailAddress>poster@news.example</emailAddress>
      <content>posting text</content><additionalInfo>newsgroup note</additionalInfo></newsgroupIncident>""",
    "chatImIncident": """<chatImIncident><chatClient>Chat Example 7</chatClient><chatRoomName>room nine</chatRoomName>
      <content>A: asks age. B: 13. A: asks for a picture.</content><additionalInfo>chat note</additionalInfo></chatImIncident>""",
    "onlineGamingIncident": """<onlineGamingIncident><gameName>Invented Quest</gameName><console>Box One</console>
      <content>asks age</content><additionalInfo>game note</additionalInfo></onlineGamingIncident>""",
    "cellPhoneIncident": """<cellPhoneIncident><phoneNumber type="Mobile" countryCallingCode="+91">9000000001</phoneNumber>
      <latitude>18.5204</latitude><longitude>73.8567</longitude><additionalInfo>call note</additionalInfo></cellPhoneIncident>""",
    "nonInternetIncident": """<nonInternetIncident><locationName>a bus stand</locationName>
      <incidentAddress type="Business"><address>9 Station Road</address><city>Bhopal</city><zipCode>462001</zipCode><nonUsaState>Madhya Pradesh</nonUsaState><country>IN</country></incidentAddress>
      <incidentAddress><city>Indore</city></incidentAddress><additionalInfo>place note</additionalInfo></nonInternetIncident>""",
    "peer2peerIncident": """<peer2peerIncident><client>share-tool 2</client>
      <ipCaptureEvent><ipAddress>192.0.2.9</ipAddress><eventName>Other</eventName><dateTime>2026-01-11T10:00:00Z</dateTime></ipCaptureEvent>
      <ipCaptureEvent><ipAddress>192.0.2.10</ipAddress><eventName>Unknown</eventName></ipCaptureEvent>
      <fileNames>one.bin two.bin</fileNames><additionalInfo>share note</additionalInfo></peer2peerIncident>""",
}

CONTACT = PERSON

_DETAILS = "".join(f"<internetDetails>{incident}</internetDetails>" for incident in INCIDENTS.values())

FULL_REPORT = f"""<?xml version="1.0" encoding="UTF-8"?>
<report>
<incidentSummary>
  <incidentType>Child Sexual Molestation</incidentType>
  <platform>Chat Example for phones</platform>
  <escalateToHighPriority>threatens to post tonight</escalateToHighPriority>
  <reportAnnotations><sextortion/><csamSolicitation>true</csamSolicitation><minorToMinorInteraction/><spam/><sadisticOnlineExploitation/></reportAnnotations>
  <incidentDateTime>2026-02-03T09:35:06+05:30</incidentDateTime>
  <incidentDateTimeDescription>time of the upload</incidentDateTimeDescription>
</incidentSummary>
{_DETAILS}
<lawEnforcement>
  <agencyName>Invented State Police</agencyName><caseNumber>77/2026</caseNumber>
  <officerContact>{CONTACT.format("officer", 71)}</officerContact>
  <reportedToLe>true</reportedToLe><servedLegalProcessDomestic>false</servedLegalProcessDomestic>
  <servedLegalProcessInternational fleaCountry="IN">true</servedLegalProcessInternational>
</lawEnforcement>
<reporter>
  <reportingPerson>{AGED.format("reporter", 11, 40)}</reportingPerson>
  <contactPerson>{CONTACT.format("duty", 12)}</contactPerson>
  <companyTemplate>The company answers at law@chat.example</companyTemplate>
  <termsOfService>No one under 13</termsOfService>
  <legalURL>https://chat.example/legal</legalURL>
</reporter>
<personOrUserReported>
  <personOrUserReportedPerson>{AGED.format("ravi", 21, 31)}</personOrUserReportedPerson>
  <vehicleDescription>white van MH-12-XX-0000</vehicleDescription>
  {ACCOUNT.format(21, 1)}
  <thirdPartyUserReported>false</thirdPartyUserReported>
  {ENDING.format(21, "<groupIdentifier>group-21</groupIdentifier>", 1)}
  {ASSOCIATED.format("Billing", 1)}{ASSOCIATED.format("Parent/Guardian", 2)}
  <additionalInfo>Also uses second.name@mail.example</additionalInfo>
</personOrUserReported>
<personOrUserReported>
  <personOrUserReportedPerson/>
  <espIdentifier>user-22</espIdentifier>
  <priorCTReports>220022</priorCTReports>
</personOrUserReported>
<intendedRecipient>
  <intendedRecipientPerson>{AGED.format("meena", 23, 12)}</intendedRecipientPerson>
  {ACCOUNT.format(23, 2)}
  {ENDING.format(23, "<groupIdentifier>group-23</groupIdentifier>", 2)}
  <additionalInfo>first note on the recipient</additionalInfo><additionalInfo>second note on the recipient</additionalInfo>
</intendedRecipient>
<victim>
  <victimPerson>{AGED.format("tara", 24, 13)}</victimPerson>
  {ACCOUNT.format(24, 3)}
  <schoolName>Invented School</schoolName>
  {ENDING.format(24, "", 3)}
  {ASSOCIATED.format("Linked", 3)}
  <additionalInfo>note on the child</additionalInfo>
</victim>
<victim><victimPerson/></victim>
<additionalInfo>Closing note with +91 90000 00009</additionalInfo>
</report>
"""

FULL_FILE_DETAILS = """<fileDetails>
<reportId>4500000000000001</reportId>
<fileId>0123456789abcdef0123456789abcdef</fileId>
<fileName>stored.bin</fileName>
<originalFileName>IMG_0001.jpg</originalFileName>
<uploadedToEspTimestamp>2026-02-03T04:05:06Z</uploadedToEspTimestamp>
<locationOfFile>https://files.example/1</locationOfFile>
<fileViewedByEsp>true</fileViewedByEsp>
<exifViewedByEsp>false</exifViewedByEsp>
<publiclyAvailable>true</publiclyAvailable>
<fileRelevance>Reported</fileRelevance>
<fileAnnotations><animeDrawingVirtualHentai/><potentialMeme/><viral>true</viral><possibleSelfProduction/><physicalHarm/><violenceGore/><bestiality/><liveStreaming/><infant/><generativeAi/></fileAnnotations>
<industryClassification>B2</industryClassification>
<originalFileHash hashType="MD5">00000000000000000000000000000001</originalFileHash>
<originalFileHash hashType="SHA1">0000000000000000000000000000000000000002</originalFileHash>
<ipCaptureEvent><ipAddress>203.0.113.99</ipAddress><eventName>Upload</eventName><dateTime>2026-02-03T04:05:06Z</dateTime><possibleProxy>false</possibleProxy><port>50999</port></ipCaptureEvent>
<deviceId><idType>SSID</idType><idValue>home-net</idValue><eventName>Upload</eventName><dateTime>2026-02-03T04:05:06Z</dateTime></deviceId>
<deviceId><idType>IMEI</idType><idValue>490154203237518</idValue></deviceId>
<details type="EXIF"><nameValuePair><name>Make</name><value>Camera Maker</value></nameValuePair><nameValuePair><name>Model</name><value>Model 5</value></nameValuePair></details>
<details type="HASH"><nameValuePair><name>PDQ</name><value>00ff</value></nameValuePair></details>
<additionalInfo>first file note</additionalInfo>
<additionalInfo>second file note from 198.51.100.77</additionalInfo>
</fileDetails>
"""

MINIMAL_FILE_DETAILS = "<fileDetails><reportId>1</reportId><fileId>a</fileId></fileDetails>"

BATCHED_REPORT = """<report>
<batchedReport reason="VIRAL_POTENTIAL_MEME"/>
<incidentSummary><incidentType>Child Pornography (possession, manufacture, and distribution)</incidentType>
<incidentDateTime>2026-02-03T04:05:06Z</incidentDateTime></incidentSummary>
<reporter><reportingPerson><email>trust@chat.example</email></reportingPerson></reporter>
<personOrUserReported><espIdentifier>sharer-1</espIdentifier></personOrUserReported>
<personOrUserReported><espIdentifier>sharer-2</espIdentifier></personOrUserReported>
<personOrUserReported><espIdentifier>sharer-3</espIdentifier></personOrUserReported>
</report>
"""
