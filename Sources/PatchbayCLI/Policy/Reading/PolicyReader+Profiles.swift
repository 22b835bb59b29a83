import PatchbayAPI
import PatchbayCore
import PatchbayText
import Yams

extension PolicyReader {
    mutating func profile(_ node: Node) {
        let known = ["profile", "description", "vcpus", "memoryMiB", "pin", "hugepages", "cells", "requests"]
        guard let fields = fields(node, of: "a profile", known) else { return }
        let name = text("profile", in: fields)
        var profile = Profile(name: name ?? "")
        profile.summary = text("description", in: fields) ?? ""
        profile.vcpus = number("vcpus", in: fields)
        profile.memoryMiB = number("memoryMiB", in: fields)
        profile.pin = choice("pin", in: fields)
        profile.cells = number("cells", in: fields)
        if let node = fields["hugepages"], let text = text(node, "hugepages") {
            profile.hugepageKiB = checking(place(of: node)) { () throws(Problem) in try HugepageWords.kibibytes(text) }
        }
        for node in list("requests", in: fields) {
            guard let request = request(node, after: profile.requests) else { continue }
            profile.requests.append(request)
        }
        guard name != nil, let place = fields["profile"].map(place) else { return }
        let checked = profile
        guard checking(place, { () throws(Problem) in try checked.validate() }) != nil else { return }
        keep(profile, at: place, in: \.profiles, name: \.name, word: "Profile")
    }

    private mutating func request(_ node: Node, after others: [Request]) -> Request? {
        let known = ["name", "pool", "device", "count", "optional", "numa", "group", "topology", "tags"]
        guard let fields = fields(node, of: "a request", known) else { return nil }
        guard let target = target(in: fields) else { return nil }
        let name = text("name", in: fields) ?? target.freeName(beside: others)
        guard !others.contains(where: { $0.name == name }) else {
            refuse(node, "The profile already has a request \"\(name)\".")
            return nil
        }
        var request = Request(name: name, target: target)
        request.count = number("count", in: fields) ?? 1
        request.isOptional = flag("optional", in: fields) ?? false
        request.numa = choice("numa", in: fields)
        request.group = choice("group", in: fields) ?? .none
        request.topology = choice("topology", in: fields)
        request.tags = tags(in: fields)
        let checked = request
        return checking(fields.place) { () throws(Problem) in
            try checked.validate()
            return checked
        }
    }

    private mutating func target(in fields: PolicyFields) -> Request.Target? {
        switch (fields["pool"], fields["device"]) {
        case (let node?, nil): return text(node, "pool").map(Request.Target.pool)
        case (nil, let node?):
            guard let text = text(node, "device") else { return nil }
            return checking(place(of: node)) { () throws(Problem) in .device(try DeviceID(text)) }
        case (nil, nil), (.some, .some):
            refuse(fields.place, "A request has exactly one of \"pool\" and \"device\".")
            return nil
        }
    }
}
