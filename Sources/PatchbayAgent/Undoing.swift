import PatchbayCore
import PatchbayHost

/// What of a plan was begun and has to be taken back when it fails.
struct Undoing {
    let plan: Plan
    /// In the order they were begun.
    private(set) var begun: [Int] = []
    private(set) var outcomes: [Int: StepRunner.Outcome] = [:]
    private(set) var undone: Set<Int> = []
    /// Steps whose taking back failed, or had to be left out because of one that did.
    private(set) var left: Set<Int> = []
    private(set) var failures: [Problem] = []

    init(_ plan: Plan) { self.plan = plan }

    /// What the journal leaves to do. Only a step with a `done` line, whose undo was not begun, is known to stand.
    init(_ unfinished: UnfinishedPlan, _ lines: [JournalEntry]) {
        plan = unfinished.plan
        begun = unfinished.begun.filter(plan.steps.indices.contains)
        undone = Set(unfinished.undone)
        for index in begun { outcomes[index] = .unknown }
        for line in lines where line.plan == plan.id {
            switch line {
            case .done(_, let index, _): outcomes[index] = .performed
            case .beginUndo(_, let index): outcomes[index] = .unknown
            case .planned, .begin, .undone, .ended: continue
            }
        }
    }

    mutating func begin(_ index: Int) {
        begun.append(index)
        outcomes[index] = .failed
    }

    mutating func performed(_ index: Int) { outcomes[index] = .performed }

    /// A write that did not come back in time is still under way.
    mutating func failed(_ index: Int, _ problem: Problem) {
        outcomes[index] = problem.code == .timedOut ? .unknown : .failed
    }

    mutating func takenBack(_ index: Int) { undone.insert(index) }

    mutating func leave(_ index: Int, because problem: Problem? = nil) {
        left.insert(index)
        if let problem { failures.append(problem) }
    }

    /// What is to be taken back, last begun first.
    var order: [Int] { begun.reversed().filter { !undone.contains($0) } }

    /// The steps that still stand, in the order they were done.
    var stepsLeft: [Step] { begun.filter(left.contains).map { plan.steps[$0] } }

    /// True when taking this one back would build on a later step that could not be taken back.
    ///
    /// Steps on the same function or VM build on each other. What a VM that could not be put back holds is not known
    /// for certain, so nothing before its steps is touched.
    func isBlocked(_ index: Int) -> Bool {
        let subjects = plan.steps[index].subjects
        return left.contains { later in
            let blocker = plan.steps[later]
            return later > index && (blocker.vm != nil || !blocker.subjects.isDisjoint(with: subjects))
        }
    }
}

extension Step {
    /// The devices and the VM it is about.
    fileprivate var subjects: Set<String> {
        switch self {
        case .loadModule: []
        case .unbind(let address, _), .setOverride(let address, _, _), .probe(let address, _): [address.description]
        case .unbindInterface(let interface, _), .bindInterface(let interface, _): [interface.device.description]
        case .plug(let vm, let devices, _), .unplug(let vm, let devices, _):
            Set(devices.map(\.description) + ["vm \(vm)"])
        case .attach(let vm, let device, _), .detach(let vm, let device, _): [device.description, "vm \(vm)"]
        case .defineVM(let spec), .undefineVM(let spec): ["vm \(spec.name)"]
        case .seat(let vm, _, _), .unseat(let vm), .startVM(let vm), .resetVM(let vm), .stopVM(let vm, _, _):
            ["vm \(vm)"]
        }
    }
}
