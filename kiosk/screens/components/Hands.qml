pragma ComponentBehavior: Bound
pragma Singleton
import QtQuick

// Where touches become intents: one place, so that revision, arming and answers are the same for every button.
QtObject {
    id: hands

    property int revision: -1
    property double paintedAt: 0
    property string tooEarly: ""

    signal intended(int revision, string action, var payload)
    signal counted(int revision, int characters, bool ready)
    signal answered(string text)

    function send(at: int, action: string, payload: var) {
        intended(at, action, payload);
    }
    // How many characters stand in a page's field, never which; and whether there is something to send.
    function count(at: int, characters: int, ready: bool) {
        counted(at, characters, ready);
    }
    function answer(text: string) {
        answered(text);
    }
    // The page with this revision has been on the screen for at least so long.
    function armed(at: int, ms: int): bool {
        return ms <= 0 || (at === revision && paintedAt > 0 && Date.now() - paintedAt >= ms);
    }
}
