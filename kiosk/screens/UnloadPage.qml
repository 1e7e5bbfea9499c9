import QtQuick

// The door a document leaves by, then the reader that sees it outside.
LoadPage {}
