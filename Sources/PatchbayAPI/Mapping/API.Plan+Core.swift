import PatchbayCore

extension API.Plan {
    package init(_ record: PlanRecord) {
        self.init(record, phase: record.phase.word, canBeUndone: record.canBeUndone)
    }

    /// The answer to a dry run: a plan that nobody will carry out.
    package init(planned plan: PatchbayCore.Plan, actor: String, at now: Int) {
        self.init(
            PlanRecord(plan: plan, actor: actor, createdAt: now), phase: "planned",
            canBeUndone: plan.canBeUndone)
    }

    private init(_ record: PlanRecord, phase: String, canBeUndone: Bool) {
        let plan = record.plan
        let (problem, left) = record.phase.ending
        self.init(
            id: plan.id, host: plan.host, title: plan.title, phase: phase, isOver: record.phase.isOver,
            canBeUndone: canBeUndone, basis: plan.basis,
            steps: zip(plan.steps, record.progress).enumerated().map {
                API.Step(
                    $0.element.0, number: $0.offset + 1, progress: $0.element.1, startedAt: record.stepStartedAt)
            },
            findings: plan.findings.map(API.Finding.init), actor: record.actor, createdAt: record.createdAt,
            endedAt: record.endedAt, problem: problem.map { API.Problem($0) },
            stepsLeft: left.enumerated().map {
                API.Step($0.element, number: $0.offset + 1, progress: .done(milliseconds: 0))
            },
            undoneBy: record.undoneBy, cancelledBy: record.cancellation?.actor,
            resolution: record.resolution.map { Resolution(actor: $0.actor, reason: $0.reason, at: $0.at) },
            allowed: plan.allowed.isEmpty ? nil : plan.allowed.map(Allowance.init),
            vm: plan.steps.lazy.compactMap(\.subject.vm).first,
            devices: Set(plan.steps.flatMap(\.subject.devices)).sorted().map {
                DeviceID(host: plan.host, key: $0).description
            })
    }
}

extension API.Plan.Allowance {
    package init(_ allowance: PatchbayCore.Allowance) {
        self.init(
            code: allowance.code.rawValue, reason: allowance.reason, actor: allowance.actor, at: allowance.at)
    }
}

extension API.Step {
    /// - Parameter startedAt: when the step under way began.
    package init(_ step: Step, number: Int, progress: StepProgress, startedAt: Int? = nil) {
        self.init(
            number: number, verb: step.verb, object: step.object, remark: step.remark, status: progress.word,
            milliseconds: progress.milliseconds, problem: progress.problem.map { API.Problem($0) },
            startedAt: progress == .running ? startedAt : nil)
    }
}

extension Step {
    /// What it is about.
    fileprivate var subject: (vm: String?, devices: [DeviceKey]) {
        switch self {
        case .loadModule: (nil, [])
        case .unbind(let address, _), .setOverride(let address, _, _), .probe(let address, _): (nil, [address.key])
        case .unbindInterface(let interface, _), .bindInterface(let interface, _): (nil, [.usb(interface.device)])
        case .plug(let vm, let devices, _), .unplug(let vm, let devices, _): (vm, devices)
        case .attach(let vm, let device, _), .detach(let vm, let device, _): (vm, [device])
        case .defineVM(let spec), .undefineVM(let spec): (spec.name, [])
        case .seat(let vm, _, _), .unseat(let vm), .startVM(let vm), .resetVM(let vm),
            .stopVM(let vm, _, _):
            (vm, [])
        }
    }
}

extension PlanPhase {
    /// Why it did not end well, and what still stands.
    fileprivate var ending: (problem: Problem?, left: [Step]) {
        switch self {
        case .queued, .running, .undoing, .applied: (nil, [])
        case .rolledBack(let problem): (problem, [])
        case .stuck(let problem, let left): (problem, left)
        }
    }
}

extension StepProgress {
    package var word: String {
        switch self {
        case .waiting: "waiting"
        case .running: "running"
        case .done: "done"
        case .failed: "failed"
        case .undone: "undone"
        }
    }

    fileprivate var milliseconds: Int? {
        switch self {
        case .done(let milliseconds), .undone(let milliseconds): milliseconds
        case .waiting, .running, .failed: nil
        }
    }

    fileprivate var problem: Problem? {
        switch self {
        case .failed(let problem): problem
        case .waiting, .running, .done, .undone: nil
        }
    }
}
