import QtQuick

// What the self-test found, and what stays out of service.
ResultPage {}
