/// What clients asked of a store of devices and what they were told, in the order in which it happened.
package struct ClaimHistory: Sendable {
    package enum Action: Hashable, Sendable {
        /// All of the devices for this claim, or none. Asked again with the same id, it is the same claim.
        case claim(String, devices: [String])
        case release(String)
        /// Who holds what, all of it at one moment: claims by device.
        case look
    }

    package enum Outcome: Hashable, Sendable {
        case done
        /// A claim: somebody has one of the devices. A release: there is no such claim.
        case refused
        case saw([String: String])
        /// Nobody was told: the store died. It had its effect before `end`, or never.
        case unknown
    }

    package struct Operation: Hashable, Sendable {
        package var client: Int
        package var action: Action
        package var outcome: Outcome
        /// Before it was asked; no two times are the same.
        package var begin: Int
        /// After it was answered, or when the store was surely dead.
        package var end: Int

        package init(_ client: Int, _ action: Action, _ outcome: Outcome, from begin: Int, to end: Int) {
            self.client = client
            self.action = action
            self.outcome = outcome
            self.begin = begin
            self.end = end
        }
    }

    package private(set) var operations: [Operation] = []
    private var time = 0

    package init() {}

    /// - Parameter operations: with times of their own.
    package init(_ operations: [Operation]) { self.operations = operations }

    /// Notes that a client is about to ask. Returns the operation's number.
    package mutating func begin(_ client: Int, _ action: Action) -> Int {
        time += 1
        operations.append(Operation(client, action, .unknown, from: time, to: .max))
        return operations.count - 1
    }

    /// Notes the answer.
    package mutating func end(_ number: Int, _ outcome: Outcome) {
        time += 1
        operations[number].outcome = outcome
        operations[number].end = time
    }

    /// Notes that the store is dead and nothing under way can have an effect any more.
    package mutating func crash() {
        for number in operations.indices where operations[number].end == .max { end(number, .unknown) }
    }
}

extension ClaimHistory.Operation: CustomStringConvertible {
    package var description: String {
        let asked =
            switch action {
            case .claim(let id, let devices): "claim \(id) of \(devices.joined(separator: ", "))"
            case .release(let id): "release of \(id)"
            case .look: "look"
            }
        let told =
            switch outcome {
            case .done: "done"
            case .refused: "refused"
            case .saw(let holders):
                "saw \(holders.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", "))"
            case .unknown: "never answered"
            }
        return "client \(client)'s \(asked) (\(begin) to \(end)): \(told)"
    }
}

/// A history that many clients write at once.
package actor ClaimRecorder {
    package private(set) var history = ClaimHistory()

    package init() {}

    package func begin(_ client: Int, _ action: ClaimHistory.Action) -> Int { history.begin(client, action) }
    package func end(_ number: Int, _ outcome: ClaimHistory.Outcome) { history.end(number, outcome) }
    package func crash() { history.crash() }
}
