/// Whether one order of a history's operations explains every answer: each takes effect at one moment between its begin
/// and its end, and at every moment a device has at most one holder.
///
/// Acknowledged means durable follows: a claim that was granted is held until a release of it, whatever died in between.
/// A refusal needs a moment at which somebody had one of the devices.
///
/// The search goes through the history's events and keeps every state that the operations until then can have led to,
/// each once: at the end of an operation it tries all orders of what is under way that give it its effect, and only then
/// (Wing and Gong's search, breadth first, with the memory and the late decisions of Lowe's). Devices that no claim ties
/// together are searched apart; a look is then a look at each of the parts.
package struct LinearizabilityCheck {
    package struct Violation: Hashable, Sendable, CustomStringConvertible {
        /// The first whose answer nothing explains.
        package var operation: ClaimHistory.Operation
        /// Who may have held what right before its end, in words.
        package var possible: [String]

        package var description: String {
            "Nothing explains \(operation). Before its end: \(possible.joined(separator: " or "))."
        }
    }

    /// nil: the history is right.
    package static func violation(in history: ClaimHistory) -> Violation? {
        for part in ClaimPart.parts(of: history) {
            var search = ClaimSearch(part)
            if let violation = search.run() { return violation }
        }
        return nil
    }
}
