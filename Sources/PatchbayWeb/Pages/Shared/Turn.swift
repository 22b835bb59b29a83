/// A number as it is, and as it would be.
struct Turn: Sendable, Hashable {
    let now: String
    let then: String
    /// They differ.
    let isTurn: Bool

    /// nil: it is not there.
    init(_ now: Int?, _ then: Int?) {
        self.then = Turn.grouped(then ?? now ?? 0)
        self.now = now.map(Turn.grouped) ?? self.then
        self.isTurn = self.now != self.then
    }

    /// `9,950`
    static func grouped(_ number: Int) -> String {
        var text = String(number)
        var place = text.count - 3
        while place > 0 {
            text.insert(",", at: text.index(text.startIndex, offsetBy: place))
            place -= 3
        }
        return text
    }
}
