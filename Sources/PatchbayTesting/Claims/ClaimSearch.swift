/// The search for an order that explains one part of a history.
struct ClaimSearch {
    /// One way in which the operations until now can have gone.
    private struct State: Hashable {
        /// Claims by device; nil: free.
        var holders: [Int?]
        /// Operations under way that have had their effect.
        var done: Set<Int> = []
    }

    private let part: ClaimPart
    private var states: Set<State>
    private var underWay: [Int] = []

    init(_ part: ClaimPart) {
        self.part = part
        states = [State(holders: part.devices.map { _ in nil })]
    }

    mutating func run() -> LinearizabilityCheck.Violation? {
        let operations = part.history.operations
        let events = part.steps.enumerated().flatMap { number, step in
            [
                (time: operations[step.operation].begin, isEnd: false, number: number),
                (time: operations[step.operation].end, isEnd: true, number: number),
            ]
        }
        // An operation that never ended has the last end there is, after every begin.
        for event in events.sorted(by: { ($0.time, $0.isEnd ? 1 : 0) < ($1.time, $1.isEnd ? 1 : 0) }) {
            guard event.isEnd else {
                underWay.append(event.number)
                states = Set(states.map(settled))
                continue
            }
            let before = states
            states = ended(event.number)
            underWay.removeAll { $0 == event.number }
            if states.isEmpty {
                return LinearizabilityCheck.Violation(
                    operation: operations[part.steps[event.number].operation], possible: words(before))
            }
        }
        return nil
    }

    /// The states in which operation `number` has had its effect; one that nobody was told of may also have had none.
    private func ended(_ number: Int) -> Set<State> {
        var found: Set<State> = []
        var seen = states
        var open = Array(states)
        if part.steps[number].outcome == .unknown { found = states.filter { !$0.done.contains(number) } }
        while var state = open.popLast() {
            if state.done.remove(number) != nil {
                found.insert(state)
                continue
            }
            for other in underWay where !state.done.contains(other) {
                guard let holders = after(part.steps[other], state.holders) else { continue }
                let next = settled(State(holders: holders, done: state.done.union([other])))
                if seen.insert(next).inserted { open.append(next) }
            }
        }
        return found
    }

    /// With every operation done that can be right here and changes nothing: to wait with it would gain nothing.
    private func settled(_ state: State) -> State {
        var state = state
        for number in underWay where !state.done.contains(number) {
            if isExplained(part.steps[number], by: state.holders) { state.done.insert(number) }
        }
        return state
    }

    /// Whether the answer is right in this state and leaves it as it is.
    private func isExplained(_ step: ClaimPart.Step, by holders: [Int?]) -> Bool {
        switch (step.effect, step.outcome) {
        case (.claim(let claim, let devices), .done): devices.allSatisfy { holders[$0] == claim }
        case (.claim(let claim, let devices), .refused): devices.contains { holders[$0] != nil && holders[$0] != claim }
        case (.release(let claim), .refused): !holders.contains(claim)
        case (.look(let seen), _): seen == holders
        case (.claim, _), (.release, _): false
        }
    }

    /// The state after an operation that changes it; nil: it cannot take its effect here.
    private func after(_ step: ClaimPart.Step, _ holders: [Int?]) -> [Int?]? {
        guard step.outcome == .done || step.outcome == .unknown else { return nil }
        switch step.effect {
        case .claim(let claim, let devices):
            guard devices.allSatisfy({ holders[$0] == nil }) else { return nil }
            var after = holders
            for device in devices { after[device] = claim }
            return after
        case .release(let claim):
            guard holders.contains(claim) else { return nil }
            return holders.map { $0 == claim ? nil : $0 }
        case .look: return nil
        }
    }

    private func words(_ states: Set<State>) -> [String] {
        let words = states.map { state in
            let held = state.holders.enumerated().compactMap { device, claim in
                claim.map { "\(part.devices[device]) was held by \(part.claims[$0])" }
            }
            return held.isEmpty ? "nothing was held" : held.joined(separator: " and ")
        }
        return Set(words).sorted()
    }
}
