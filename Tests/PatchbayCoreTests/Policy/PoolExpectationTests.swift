import PatchbayCore
import Testing

@Suite struct `Expectations on pools` {
    private static let atlas41 = try! DeviceID("atlas/41:00.0")
    private static let atlas42 = try! DeviceID("atlas/42:00.0")
    private static let zeus41 = try! DeviceID("zeus/41:00.0")

    static let texts: [(text: String, meaning: PoolExpectation)] = [
        ("gpus matches 4", PoolExpectation(pool: "gpus", .exactly(4))),
        ("gpus matches 4 on atlas", PoolExpectation(pool: "gpus", host: "atlas", .exactly(4))),
        ("gpus matches none on zeus", PoolExpectation(pool: "gpus", host: "zeus", .exactly(0))),
        ("gpus matches at least 2", PoolExpectation(pool: "gpus", .atLeast(2))),
        ("gpus matches at most 8 on atlas", PoolExpectation(pool: "gpus", host: "atlas", .atMost(8))),
        ("gpus includes atlas/41:00.0", PoolExpectation(pool: "gpus", .includes(atlas41))),
        ("gpus excludes atlas/41:00.0", PoolExpectation(pool: "gpus", .excludes(atlas41))),
        ("matches matches 1", PoolExpectation(pool: "matches", .exactly(1))),
    ]

    @Test(arguments: texts) func `are read, and printed the same`(_ sample: (text: String, meaning: PoolExpectation))
        throws
    {
        #expect(try PoolExpectation(parsing: sample.text) == sample.meaning)
        #expect(sample.meaning.description == sample.text)
    }

    @Test func `take the pool they stand in, unless they name another`() throws {
        #expect(try PoolExpectation(parsing: " matches  2 ", for: "gpus").description == "gpus matches 2")
        #expect(try PoolExpectation(parsing: "nics matches 2", for: "gpus").pool == "nics")
        #expect(throws: Problem.self) { try PoolExpectation(parsing: "matches 2") }
    }

    @Test(arguments: [
        "", "gpus", "gpus has 4", "gpus matches", "gpus matches four", "gpus matches -1", "gpus matches +1",
        "gpus matches 99999999999999999999", "gpus matches at 2", "gpus matches at least", "gpus matches at best 2",
        "gpus matches 2 on", "gpus matches 2 on atlas zeus", "gpus matches 2 at atlas", "gpus includes",
        "gpus includes 41:00.0", "gpus includes atlas/41:00.0 on atlas", "all my gpus matches 2",
    ])
    func `that cannot be read are refused with a next step`(_ text: String) throws {
        let problem = try #require(throws: Problem.self) { try PoolExpectation(parsing: text, for: "p") }
        #expect(problem.code.category == .invalid)
        #expect(!problem.next.isEmpty)
    }

    static let checks: [(text: String, failure: String?)] = [
        ("gpus matches 3", nil),
        ("gpus matches 2 on atlas", nil),
        ("gpus matches at least 3", nil),
        ("gpus matches at most 1 on zeus", nil),
        ("gpus includes zeus/41:00.0", nil),
        ("gpus excludes zeus/42:00.0", nil),
        ("gpus matches none on hera", nil),
        ("gpus matches 4", "it matches 3: atlas/41:00.0, atlas/42:00.0, zeus/41:00.0"),
        ("gpus matches none on zeus", "it matches 1: zeus/41:00.0"),
        ("gpus matches at least 1 on hera", "it matches nothing"),
        ("gpus matches at most 1 on atlas", "it matches 2: atlas/41:00.0, atlas/42:00.0"),
        ("gpus includes zeus/42:00.0", "it matches 3: atlas/41:00.0, atlas/42:00.0, zeus/41:00.0"),
        ("gpus excludes atlas/41:00.0", "it has atlas/41:00.0"),
        ("gpus matches none on ares", "no host \"ares\" has ever reported"),
    ]

    @Test(arguments: checks) func `say what is the case instead`(_ check: (text: String, failure: String?)) throws {
        let expectation = try PoolExpectation(parsing: check.text)
        let matched = [Self.zeus41, Self.atlas42, Self.atlas41]
        #expect(expectation.failure(matched: matched, hosts: ["atlas", "zeus", "hera"]) == check.failure)
    }

    @Test func `name some of many devices and count the rest`() throws {
        let many = (1...20).map { DeviceID(host: "atlas", key: try! DeviceKey("\($0 + 10):00.0")) }
        let failure = try PoolExpectation(parsing: "gpus matches 4").failure(matched: many, hosts: ["atlas"])
        #expect(failure?.hasPrefix("it matches 20: atlas/11:00.0, ") == true)
        #expect(failure?.hasSuffix(", atlas/18:00.0 and 12 more") == true)
    }
}
