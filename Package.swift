// swift-tools-version: 6.2
import PackageDescription

/// What every target of ours is compiled with. Warnings are errors in our code only: dependencies keep their own settings.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTesting: Target.Dependency = .product(name: "HummingbirdTesting", package: "hummingbird")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioFoundation: Target.Dependency = .product(name: "NIOFoundationCompat", package: "swift-nio")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

let package = Package(
    name: "patchbay",
    products: [
        .executable(name: "patchbay", targets: ["patchbay"]),
        .executable(name: "patchbay-conformance", targets: ["patchbay-conformance"]),
        .executable(name: "patchbay-bench", targets: ["patchbay-bench"]),
        .executable(name: "patchbay-fuzz", targets: ["patchbay-fuzz"]),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: []),
    ],
    targets: [
        .target(name: "PatchbayCore", swiftSettings: strict),
        .target(name: "CPatchbayHost"),
        .target(
            name: "PatchbayHost", dependencies: ["PatchbayCore", "CPatchbayHost", system, subprocess],
            swiftSettings: strict),
        .target(name: "CLibvirt"),
        .target(
            name: "PatchbayLibvirt", dependencies: ["PatchbayCore", "PatchbayHost", "CLibvirt"], swiftSettings: strict),
        .target(name: "PatchbayStore", dependencies: ["PatchbayCore"], swiftSettings: strict),
        .target(
            name: "PatchbayStoreSQLite", dependencies: ["PatchbayCore", "PatchbayStore", grdb, sqlite],
            swiftSettings: strict),
        .target(name: "PatchbayText", dependencies: ["PatchbayCore"], swiftSettings: strict),
        .target(name: "PatchbayAPI", dependencies: ["PatchbayCore", "PatchbayText"], swiftSettings: strict),
        .target(
            name: "PatchbayDisplay", dependencies: ["PatchbayCore", "PatchbayText", "PatchbayAPI"],
            swiftSettings: strict),
        .target(
            name: "PatchbayClient",
            dependencies: ["PatchbayCore", "PatchbayAPI", httpClient, nioCore, nioHTTP1, nioFoundation],
            swiftSettings: strict),
        .target(
            name: "PatchbayAgent",
            dependencies: ["PatchbayCore", "PatchbayHost", "PatchbayAPI", logging],
            swiftSettings: strict),
        .target(
            name: "PatchbayServer",
            dependencies: [
                "PatchbayCore", "PatchbayText", "PatchbayStore", "PatchbayAPI", hummingbird, hummingbirdCore, logging,
                lifecycle, nioCore, nioPosix, nioHTTP1, httpTypes,
            ],
            swiftSettings: strict),
        .target(name: "CPatchbayWeb", linkerSettings: [.linkedLibrary("z")]),
        .target(
            name: "PatchbayWeb",
            dependencies: [
                "PatchbayCore", "PatchbayText", "PatchbayAPI", "PatchbayDisplay", "PatchbayServer", "CPatchbayWeb",
                hummingbird, mustache, nioCore, httpTypes,
            ],
            resources: [.embedInCode("Assets")],
            swiftSettings: strict),
        .target(
            name: "PatchbayCLI",
            dependencies: [
                "PatchbayCore", "PatchbayHost", "PatchbayText", "PatchbayAPI", "PatchbayDisplay", "PatchbayClient",
                argumentParser, yams,
            ],
            swiftSettings: strict),
        .target(name: "CPatchbayLab"),
        .target(
            name: "PatchbayLab",
            dependencies: ["PatchbayCore", "PatchbayHost", "PatchbayAPI", "CPatchbayLab", yams],
            resources: [.embedInCode("Assets")],
            swiftSettings: strict),
        .target(
            name: "PatchbayTesting",
            dependencies: [
                "PatchbayCore", "PatchbayHost", "PatchbayStore", "PatchbayAPI", "PatchbayClient", "PatchbayLab",
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "patchbay",
            dependencies: [
                "PatchbayCore", "PatchbayHost", "PatchbayLibvirt", "PatchbayStoreSQLite", "PatchbayAPI",
                "PatchbayClient", "PatchbayAgent", "PatchbayServer", "PatchbayWeb", "PatchbayCLI", "PatchbayLab",
                argumentParser, logging, lifecycle, unixSignals, crypto,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "patchbay-conformance", dependencies: ["PatchbayCore", "PatchbayHost", argumentParser],
            swiftSettings: strict),
        .executableTarget(
            name: "patchbay-bench",
            dependencies: [
                "PatchbayCore", "PatchbayHost", "CPatchbayHost", "PatchbayStore", "PatchbayStoreSQLite", "PatchbayAPI",
                "PatchbayServer", sqlite, argumentParser, logging,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "patchbay-fuzz", dependencies: ["PatchbayCore", "PatchbayHost", argumentParser], swiftSettings: strict
        ),
        .testTarget(
            name: "PatchbayCoreTests", dependencies: ["PatchbayCore", "PatchbayText", "PatchbayTesting"],
            swiftSettings: strict),
        .testTarget(
            name: "PatchbayHostTests",
            dependencies: [
                "PatchbayCore", "PatchbayText", "CPatchbayHost", "PatchbayHost", "PatchbayTesting", subprocess,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "PatchbayLibvirtTests",
            dependencies: ["PatchbayCore", "PatchbayHost", "PatchbayLibvirt", "PatchbayTesting", subprocess],
            swiftSettings: strict),
        .testTarget(
            name: "PatchbayStoreTests",
            dependencies: ["PatchbayCore", "PatchbayStore", "PatchbayStoreSQLite", "PatchbayTesting", grdb],
            swiftSettings: strict),
        .testTarget(
            name: "PatchbayAgentTests",
            dependencies: [
                "PatchbayCore", "PatchbayText", "PatchbayHost", "PatchbayAPI", "PatchbayAgent", "PatchbayLab",
                "PatchbayTesting",
                logging,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "PatchbayServerTests",
            dependencies: [
                "PatchbayCore", "PatchbayText", "PatchbayDisplay", "PatchbayHost", "PatchbayStore",
                "PatchbayStoreSQLite", "PatchbayAPI", "PatchbayAgent",
                "PatchbayClient", "PatchbayServer", "PatchbayWeb", "PatchbayCLI", "PatchbayLab", "PatchbayTesting",
                argumentParser, hummingbird, hummingbirdTesting, logging, nioCore, httpTypes, lifecycle, grdb,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "PatchbayWebTests",
            dependencies: [
                "PatchbayCore", "PatchbayText", "PatchbayDisplay", "PatchbayStore", "PatchbayAPI", "PatchbayClient",
                "PatchbayServer", "PatchbayWeb",
                "PatchbayTesting", hummingbird, hummingbirdTesting, nioCore, httpTypes, logging,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "PatchbayCLITests",
            dependencies: [
                "PatchbayCore", "PatchbayText", "PatchbayDisplay", "PatchbayHost", "PatchbayAPI", "PatchbayAgent",
                "PatchbayClient", "PatchbayCLI",
                "patchbay", "PatchbayTesting", argumentParser, logging, crypto,
            ],
            exclude: ["Golden"], swiftSettings: strict),
        .testTarget(
            name: "PatchbayFuzzTests", dependencies: ["patchbay-fuzz", "PatchbayTesting"], exclude: ["Cases"],
            swiftSettings: strict),
        .testTarget(
            name: "PatchbayConformanceTests",
            dependencies: ["PatchbayCore", "patchbay-conformance", "PatchbayTesting"],
            swiftSettings: strict),
        .testTarget(name: "RepositoryTests", swiftSettings: strict),
        .testTarget(
            name: "PatchbayLabTests",
            dependencies: [
                "PatchbayCore", "PatchbayText", "PatchbayHost", "PatchbayAPI", "PatchbayClient", "PatchbayLab",
                "PatchbayTesting",
            ],
            swiftSettings: strict),
    ]
)
