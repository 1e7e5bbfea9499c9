import QtQuick

// Which fines to pay: picked like records of violations, without pictures.
ChooseViolations {}
