import Foundation
import PatchbayAPI
import PatchbayCLI
import PatchbayCore
import PatchbayTesting
import PatchbayText
import Testing

@Suite struct `Policy files` {
    static func read(_ texts: String...) throws(Problem) -> Policy {
        let files = texts.enumerated().map { PolicyFile(name: "\(["a", "b", "c"][$0]).yaml", text: $1) }
        return try Policy(files, again: "patchbay diff -f .")
    }

    @Test func `read words of other languages as the text that stands there`() throws {
        let tags = "{no: yes, on: off, y: n, true: false, 1: 0x10, 1.5: 1e3, 12:30: 2026-01-01, \"null\": \"~\"}"
        let policy = try Self.read("pool: no\nrules:\n  - name: on\n    where: numa=0\n    tags: \(tags)")
        let pool = try #require(policy.pools.first?.value)
        #expect(pool.name == "no" && pool.rules[0].name == "on")
        #expect(
            pool.rules[0].tags == [
                "no": "yes", "on": "off", "y": "n", "true": "false", "1": "0x10", "1.5": "1e3", "12:30": "2026-01-01",
                "null": "~",
            ])
    }

    @Test(.requirements("N21")) func `hold pools, rules, profiles and expectations`() throws {
        let policy = try Self.read(
            """
            # what is lent
            pool: gpus
            description: A100 cards
            class: gpu
            prepare: eager
            rules:
              - name: a100
                host: atlas
                where: id=10de:20b5 name*="A100 80GB"
                tags: {physical_network: lan, vlan: 42}
                madeFrom: atlas/41:00.0
              - where: vendor=10de
                enabled: false
            expect:
              - matches 4 on atlas
              - gpus matches at least 2
              - {matches: 0, host: zeus}
              - atMost: 8
              - includes: atlas/41:00.0
            ---
            profile: trainer
            vcpus: 16
            memoryMiB: 65536
            pin: core
            hugepages: 1G
            cells: 1
            requests:
              - {pool: gpus, count: 2, numa: required, topology: same-switch, optional: true, group: isolate}
              - pool: gpus
              - {name: disk, device: atlas/42:00.0, tags: {a: b}}
            """,
            "---\n# nothing\n---\nexpect: [gpus excludes atlas/c1:00.0]\n")
        let pool = try #require(policy.pools.first)
        #expect(pool.place.description == "a.yaml:2")
        #expect(
            pool.value
                == Pool(
                    name: "gpus", summary: "A100 cards", deviceClass: .gpu, preparation: .eager,
                    rules: [
                        Rule(
                            name: "a100", host: "atlas",
                            conditions: [
                                Condition(.id, .equal, "10de:20b5"), Condition(.name, .contains, "A100 80GB"),
                            ],
                            madeFrom: try DeviceID("atlas/41:00.0"), tags: ["physical_network": "lan", "vlan": "42"]),
                        Rule(name: "rule-2", isEnabled: false, conditions: [Condition(.vendor, .equal, "10de")]),
                    ]))
        let profile = try #require(policy.profiles.first?.value)
        #expect(profile.hugepageKiB == 1 << 20 && profile.pin == .core && profile.cells == 1)
        #expect(profile.vcpus == 16 && profile.memoryMiB == 65536)
        #expect(
            profile.requests == [
                Request(
                    name: "gpus-1", target: .pool("gpus"), count: 2, isOptional: true, numa: .required, group: .isolate,
                    topology: .sameSwitch),
                Request(name: "gpus-2", target: .pool("gpus")),
                Request(name: "disk", target: .device(try DeviceID("atlas/42:00.0")), tags: ["a": "b"]),
            ])
        #expect(
            policy.expectations.map { "\($0.place) \($0.value)" } == [
                "a.yaml:15 gpus matches 4 on atlas", "a.yaml:16 gpus matches at least 2",
                "a.yaml:17 gpus matches none on zeus", "a.yaml:18 gpus matches at most 8",
                "a.yaml:19 gpus includes atlas/41:00.0", "b.yaml:4 gpus excludes atlas/c1:00.0",
            ])
    }

    static let mistakes: [(text: String, told: String)] = [
        (
            "pool: p\nrules:\n  - name: x\n    were: numa=0",
            "a.yaml:4: \"were\" is not a field of a rule. Did you mean \"where\"?"
        ),
        ("pool: p\nrules:\n  - name: x", "a.yaml:3: \"where\" is missing; a rule needs it."),
        (
            "pool: p\ntoaster: yes",
            "a.yaml:2: \"toaster\" is not a field of a pool. "
                + "Known are pool, kind, description, class, prepare, sticky, guest-reset, rules, expect."
        ),
        (
            "pool: p\nclass: toaster",
            "a.yaml:2: \"class\" must be one of gpu, storage, network, media, audio, fpga, usb, pci, unknown, not \"toaster\"."
        ),
        ("pool: p\nprepare: [eager]", "a.yaml:2: \"prepare\" must be one of eager, on-demand, not a list."),
        ("pool: p\nrules: vendor=10de", "a.yaml:2: \"rules\" must be a list, not \"vendor=10de\"."),
        ("pool: p\nrules:\n  - vendor=10de", "a.yaml:3: A rule must be a mapping of names to values."),
        ("pool: p\ndescription:", "a.yaml:2: \"description\" must be text, not nothing."),
        ("pool: {a: b}", "a.yaml:1: \"pool\" must be text, not a mapping."),
        (
            "pool: P",
            "a.yaml:1: \"P\" is not a valid pool name. Use 1 to 63 lower-case letters, digits, \"-\", \"_\" and "
                + "\".\"; start with a letter or a digit."
        ),
        (
            "pool: p\nrules:\n\n  - where: vendr=10de",
            "a.yaml:4: Column 1 of the filter: there is no field \"vendr\". Did you mean vendor?"
        ),
        ("pool: p\nrules:\n  - where: state=free", "a.yaml:3: A rule cannot use the field state. Use one of "),
        (
            "pool: p\nrules:\n  - where: name~(",
            "a.yaml:3: Column 6 of the filter: \"(\" is not a regular expression: column 1: "
        ),
        (
            "pool: p\nrules:\n  - {name: a, where: numa=0}\n  - {name: a, where: numa=1}",
            "a.yaml:4: The pool already has a rule \"a\"."
        ),
        (
            "pool: p\nrules:\n  - {where: numa=0, enabled: maybe}",
            "a.yaml:3: \"enabled\" must be true or false, not \"maybe\"."
        ),
        (
            "pool: p\nrules:\n  - {where: numa=0, tags: [a]}",
            "a.yaml:3: \"tags\" must be a mapping of names to values, not a list."
        ),
        (
            "pool: p\nrules:\n  - {where: numa=0, tags: {a=b: 1}}",
            "a.yaml:3: Rule \"rule-1\": \"a=b\" is not a valid tag name."
        ),
        ("pool: p\nrules:\n  - {where: numa=0, madeFrom: 41}", "a.yaml:3: \"41\" is not a valid device name."),
        ("pool: p\nexpect:\n  - matches four", "a.yaml:3: \"matches four\" is not a valid expectation."),
        ("expect:\n  - matches 4", "a.yaml:2: \"matches 4\" names no pool."),
        ("expect:\n  - matches: 4", "a.yaml:2: \"pool\" is missing."),
        (
            "pool: p\nexpect:\n  - {matches: 4, atLeast: 2}",
            "a.yaml:3: An expectation has exactly one of matches, atLeast, atMost, includes, excludes."
        ),
        ("pool: p\nexpect:\n  - {matches: -1}", "a.yaml:3: \"matches\" is -1; there cannot be fewer than 0 devices."),
        (
            "pool: p\nexpect:\n  - {includes: atlas/41:00.0, host: atlas}",
            "a.yaml:3: \"host\" is allowed only with a number; a device name contains its host."
        ),
        ("profile: t\nvcpus: many", "a.yaml:2: \"vcpus\" must be a whole number, not \"many\"."),
        ("profile: t\nvcpus: \"16\"", "a.yaml:2: \"vcpus\" must be a whole number, not \"16\"."),
        ("profile: t\nvcpus: 0", "a.yaml:1: \"vcpus\" is 0, which is out of range. Use 1 to 1024."),
        ("profile: t\npin: tight", "a.yaml:2: \"pin\" must be one of none, shared, thread, core, not \"tight\"."),
        ("profile: t\nhugepages: 3G", "a.yaml:2: \"3G\" is not a huge page size. Write 2M or 1G."),
        ("profile: t\nrequests:\n  - count: 2", "a.yaml:3: A request has exactly one of \"pool\" and \"device\"."),
        (
            "profile: t\nrequests:\n  - {pool: g, device: atlas/41:00.0}",
            "a.yaml:3: A request has exactly one of \"pool\" and \"device\"."
        ),
        (
            "profile: t\nrequests:\n  - {pool: g, count: 0}",
            "a.yaml:3: \"count\" is 0, which is out of range. Use 1 to 256."
        ),
        (
            "profile: t\nrequests:\n  - {device: atlas/41:00.0, count: 2}",
            "a.yaml:3: \"count\" is 2, but a device named in a request is always one."
        ),
        (
            "profile: t\nrequests:\n  - {pool: g, name: a}\n  - {pool: h, name: a}",
            "a.yaml:4: The profile already has a request \"a\"."
        ),
        ("profile: t\npool: p", "a.yaml:1: A document is about one thing, but this one has \"pool\" and \"profile\"."),
        ("rules: []", "a.yaml:1: A document has \"pool\", \"profile\" or \"expect\", but this one has none of them."),
        ("- pool: p", "a.yaml:1: A document must be a mapping that begins with \"pool:\" or \"profile:\"."),
        ("pool: p\n\tclass: gpu", "a.yaml:2: It is not YAML: found a tab character that violates indentation."),
        ("pool: p\nclass: gpu\nclass: gpu", "\"class\" is given twice."),
        ("pool: p\nclass: [gpu", "a.yaml:3: It is not YAML: did not find expected ',' or ']'."),
    ]

    @Test(.requirements("N31"), arguments: mistakes)
    func `that are wrong are refused with file and line`(_ mistake: (text: String, told: String)) throws {
        let problem = try #require(throws: Problem.self) { try Self.read(mistake.text) }
        #expect(problem.code == .malformedPolicy)
        #expect(problem.detail == "The policy has a mistake; nothing was changed.")
        #expect(problem.evidence.count == 1)
        #expect(problem.evidence.first?.contains(mistake.told) == true, "told \(problem.evidence)")
        #expect(problem.evidence.first?.hasPrefix("a.yaml:") == true)
    }

    @Test func `of the manual can be copied`() throws {
        let manual = URL(filePath: #filePath).appending(path: "../../../../docs/policy.md").standardized
        let text = try String(contentsOf: manual, encoding: .utf8)
        let examples = text.split(separator: "```yaml\n").dropFirst().compactMap { $0.split(separator: "```").first }
        #expect(examples.count == 1)
        for example in examples {
            let policy = try Self.read(String(example))
            #expect(policy.pools.count == 1 && policy.profiles.count == 1 && policy.expectations.count == 4)
        }
    }

    @Test func `tell every mistake of every file at once`() throws {
        let problem = try #require(throws: Problem.self) {
            try Self.read(
                "pool: gpus\nrules:\n  - were: numa=0\n---\nprofile: t\nvcpus: x\n",
                "pool: nics\nprepare: later\n---\npool: disks\n", "pool: nics\n---\npool: gpus\n")
        }
        #expect(problem.detail == "The policy has 5 mistakes; nothing was changed.")
        #expect(
            problem.evidence.map { String($0.prefix(while: { $0 != " " })) } == [
                "a.yaml:3:", "a.yaml:6:", "b.yaml:2:", "c.yaml:1:", "c.yaml:3:",
            ])
        #expect(problem.evidence[3] == "c.yaml:1: Pool \"nics\" is already in b.yaml:1.")
        #expect(problem.next.lines == ["Correct the files, then:  patchbay diff -f ."])
    }
}
