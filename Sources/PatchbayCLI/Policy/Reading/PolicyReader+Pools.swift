import PatchbayCore
import Yams

extension PolicyReader {
    mutating func pool(_ node: Node) {
        let known = ["pool", "kind", "description", "class", "prepare", "sticky", "guest-reset", "rules", "expect"]
        guard let fields = fields(node, of: "a pool", known) else { return }
        let name = text("pool", in: fields)
        var pool = Pool(name: name ?? "")
        pool.kind = choice("kind", in: fields) ?? .pci
        pool.summary = text("description", in: fields) ?? ""
        pool.deviceClass = choice("class", in: fields) ?? Pool(name: "", kind: pool.kind).deviceClass
        pool.preparation = choice("prepare", in: fields) ?? .onDemand
        pool.stickiness = choice("sticky", in: fields) ?? .storage
        pool.guestReset = choice("guest-reset", in: fields)
        for (index, node) in list("rules", in: fields).enumerated() {
            guard let rule = rule(node, number: index + 1, for: pool.kind) else { continue }
            guard !pool.rules.contains(where: { $0.name == rule.name }) else {
                refuse(node, "The pool already has a rule \"\(rule.name)\".")
                continue
            }
            pool.rules.append(rule)
        }
        expectations(fields, for: name)
        guard let name, let place = fields["pool"].map(place) else { return }
        guard checking(place, { () throws(Problem) in try Pool(name: name).validate() }) != nil else { return }
        keep(pool, at: place, in: \.pools, name: \.name, word: "Pool")
    }

    private mutating func rule(_ node: Node, number: Int, for kind: DeviceKind) -> Rule? {
        let known = ["name", "where", "host", "enabled", "tags", "madeFrom"]
        guard let fields = fields(node, of: "a rule", known) else { return nil }
        var rule = Rule(name: text("name", in: fields) ?? "rule-\(number)", conditions: [])
        rule.host = text("host", in: fields)
        rule.isEnabled = flag("enabled", in: fields) ?? true
        rule.tags = tags(in: fields)
        if let node = fields["madeFrom"], let text = text(node, "madeFrom") {
            rule.madeFrom = checking(place(of: node)) { () throws(Problem) in try DeviceID(text) }
        }
        guard let node = required("where", in: fields), let text = text(node, "where") else { return nil }
        let filter = checking(place(of: node)) { () throws(Problem) in try DeviceFilter(parsing: text, for: kind) }
        guard let filter else { return nil }
        rule.conditions = filter.conditions
        let checked = rule
        return checking(place(of: node)) { () throws(Problem) in
            try checked.validate(for: kind)
            return checked
        }
    }
}

extension PolicyReader {
    /// - Parameter pool: the one that is meant where an expectation names none.
    mutating func expectations(_ fields: PolicyFields, for pool: String?) {
        for node in list("expect", in: fields) {
            let expectation: PoolExpectation?
            if case .scalar = node {
                guard let text = text(node, "expect") else { continue }
                expectation = checking(place(of: node)) { () throws(Problem) in
                    try PoolExpectation(parsing: text, for: pool)
                }
            } else {
                expectation = self.expectation(node, for: pool)
            }
            guard let expectation else { continue }
            policy.expectations.append(Policy.Placed(value: expectation, place: place(of: node)))
        }
    }

    private mutating func expectation(_ node: Node, for pool: String?) -> PoolExpectation? {
        let wishes = ["matches", "atLeast", "atMost", "includes", "excludes"]
        guard let fields = fields(node, of: "an expectation", ["pool", "host"] + wishes) else { return nil }
        let given = wishes.filter { fields[$0] != nil }
        guard let wish = given.first, given.count == 1 else {
            refuse(node, "An expectation has exactly one of \(wishes.joined(separator: ", ")).")
            return nil
        }
        let host = text("host", in: fields)
        guard let pool = text("pool", in: fields) ?? pool else {
            if fields["pool"] == nil { refuse(node, "\"pool\" is missing.") }
            return nil
        }
        return self.wish(wish, in: fields).flatMap { wish in
            if host != nil, wish.isDevice {
                refuse(node, "\"host\" is allowed only with a number; a device name contains its host.")
                return nil
            }
            return PoolExpectation(pool: pool, host: host, wish)
        }
    }

    private mutating func wish(_ name: String, in fields: PolicyFields) -> PoolExpectation.Wish? {
        guard ["includes", "excludes"].contains(name) else {
            guard let count = number(name, in: fields) else { return nil }
            guard count >= 0 else {
                refuse(fields.place, "\"\(name)\" is \(count); there cannot be fewer than 0 devices.")
                return nil
            }
            return name == "matches" ? .exactly(count) : name == "atLeast" ? .atLeast(count) : .atMost(count)
        }
        guard let node = fields[name], let text = text(node, name) else { return nil }
        let device = checking(place(of: node)) { () throws(Problem) in try DeviceID(text) }
        return device.map { name == "includes" ? .includes($0) : .excludes($0) }
    }
}

extension PoolExpectation.Wish {
    fileprivate var isDevice: Bool {
        switch self {
        case .includes, .excludes: true
        case .exactly, .atLeast, .atMost: false
        }
    }
}
