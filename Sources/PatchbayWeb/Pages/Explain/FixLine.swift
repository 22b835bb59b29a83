import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayText

extension PageMaker {
    /// What a page offers for a fix that changes what is asked for.
    enum FixOffer {
        case link(Anchor)
        case use(FixLine.Use)
    }

    /// Every fix with what can be done about it here.
    ///
    /// - Parameter offer: for fixes that change the question; nil: nothing but the line to copy.
    func fixLines(
        _ fixes: [API.Fix], now: Int, _ offer: (API.Fix) -> FixOffer? = { _ in nil }
    ) async throws(Problem) -> [FixLine] {
        var lines: [FixLine] = []
        for fix in fixes {
            if let action = try await action(for: fix) {
                lines.append(FixLine(fix, action: action, now: now))
                continue
            }
            switch offer(fix) {
            case .link(let anchor): lines.append(FixLine(fix, link: anchor, now: now))
            case .use(let use): lines.append(FixLine(fix, use: use, now: now))
            case nil: lines.append(FixLine(fix, now: now))
            }
        }
        return lines
    }

    /// What the service can do itself, and not by changing the question; nil: nothing.
    private func action(for fix: API.Fix) async throws(Problem) -> FixLine.Action? {
        if let id = fix.claim { return try await release(of: id) }
        guard let host = fix.host else { return nil }
        return switch fix.change {
        case "uncordon": .init(Link.host(host) + "/settings", "Uncordon \(host)…", field: "cordoned", value: "no")
        case "mark-pinned": .init(Link.host(host) + "/settings", "Mark \(host)…", field: "pinned", value: "yes")
        default: nil
        }
    }

    /// A VM's claim ends when the VM stops; one that is gone meanwhile needs nothing.
    private func release(of id: String) async throws(Problem) -> FixLine.Action? {
        let claim: API.Claim
        do throws(Problem) {
            claim = try await service.claim(id)
        } catch  where error.code == .unknownClaim {
            return nil
        }
        if claim.owner.kind == .vm {
            return .init(Link.vm(claim.owner.name) + "/stop", "Stop \(claim.owner.name)…")
        }
        return .init(Link.claim(id) + "/release", "Release \(id)…")
    }

    /// Changes what an operator says of a host.
    func editHost(_ visit: Visit, _ fields: FormFields, name: String) async throws(Problem) -> FormAnswer {
        let isCordoned = try fields.choice("cordoned", "The answer") as YesOrNo?
        let isPinned = try fields.choice("pinned", "The answer") as YesOrNo?
        let draft = API.HostSettingsDraft(
            isPinned: isPinned.map { $0 == .yes }, isCordoned: isCordoned.map { $0 == .yes })
        let service = service
        let verb = isCordoned == .no ? "Uncordon" : isCordoned == .yes ? "Cordon" : "Change"
        return .change(
            Mutation(
                title: "\(verb) \(name)", back: Link.host(name), done: Link.host(name),
                command: ShellLine(draft, of: name).text,
                run: { dryRun async throws(Problem) in try await service.editHost(name, draft, dryRun: dryRun) }))
    }

    private enum YesOrNo: String { case yes, no }
}

/// A small change that makes a claim fit, with the ways to do it: a line to copy, a button where there is one.
struct FixLine: Sendable, Hashable {
    let sentence: String
    let command: String?
    let until: Deadline?
    let actions: [Action]
    let links: [Anchor]
    let uses: [Use]

    /// A form that shows what it would do first.
    struct Action: Sendable, Hashable {
        let action: String
        let label: String
        /// What it sends; empty: nothing.
        let field: String
        let value: String

        init(_ action: String, _ label: String, field: String = "", value: String = "") {
            self.action = action
            self.label = label
            self.field = field
            self.value = value
        }
    }

    /// A button of the form that is being filled in: it changes the form.
    struct Use: Sendable, Hashable {
        let value: String
        let label: String
    }

    init(
        _ fix: API.Fix, action: Action? = nil, link: Anchor? = nil, use: Use? = nil, now: Int
    ) {
        self.sentence = fix.sentence
        self.command = fix.command
        self.until = fix.until.map { Deadline($0, now: now) }
        self.actions = action.map { [$0] } ?? []
        self.links = link.map { [$0] } ?? []
        self.uses = use.map { [$0] } ?? []
    }
}
