/** SHA-256 of jars as Maven Central serves them, by coordinates; each was downloaded and checked once. */
export const checksums: Readonly<Record<string, string>> = {
  'com.bluejeans:tomcat-redis-session-manager:2.0.0':
    '4c293735bf9540bd219ca080ed9c08f529d9a99fb4a5e255f6339cbf9e50043e',
  'com.esotericsoftware:kryo:4.0.2':
    '8cd8bcb6920b165ff21b82f7a44f2c7e87dcb24560e52b9dc7d085fba9cfcce5',
  'com.esotericsoftware:minlog:1.3.0':
    'f7b399d3a5478a4f3e0d98bd1c9f47766119c66414bc33aa0f6cde0066f24cc2',
  'com.esotericsoftware:reflectasm:1.11.3':
    'a61b1919fc26262d1c95b0167f87e6985cdd90be3dab1a14479fb351d08c63d4',
  'com.mysql:mysql-connector-j:9.7.0':
    '0353648eaa1c91e0f4020c959abf756bc866ffd583df22ae6b6f6e0cbd43eb44',
  'de.javakaffee.msm:memcached-session-manager-tc7:2.3.2':
    '8ab5c5a5335347b9ca63320cc88bf8ec9d72cfb4f92f1b2b1e5c1700132d0cc9',
  'de.javakaffee.msm:memcached-session-manager-tc8:2.3.2':
    'b4e1060d5a23638f3dc0c861b872e3f08f6ed9ded6611a593c7963ff666b7525',
  'de.javakaffee.msm:memcached-session-manager-tc9:2.3.2':
    '8b8135c3ff1420191434d5e3f4185a29b39cd39e8072fc62f6e1980339ed97dd',
  'de.javakaffee.msm:memcached-session-manager:2.3.2':
    'c3b9c42e75349a8195a1007d7fa50dffe019b1b3858a872e8ea50a3c6ae7aba2',
  'de.javakaffee.msm:msm-kryo-serializer:2.3.2':
    'f28aababb3450303ab4dd89930b6988a5ad9562b473fe0f638c9960287de05d8',
  'de.javakaffee:kryo-serializers:0.45':
    '7da1c5e1d51bdefea1536d6ccf87fb63b2be85d76287c523bee1c4125fc4b2a1',
  'net.spy:spymemcached:2.12.3': '133092565f8308b9bcbfce83909d11f505d4094b856ead24e299ac93679bb4e2',
  'org.apache.commons:commons-pool2:2.2':
    '8780b3bbb31a8797e74e9f3022f043ddadc2aee8be63d94f8082a6a16546c41b',
  'org.apache.commons:commons-pool2:2.4.2':
    '21112aa673733dfcd045354ddf75b31e1d464b99c8e515974349b2532254cc53',
  'org.mariadb.jdbc:mariadb-java-client:3.5.11':
    '42604178b9e57ec08ee0035079961516f086e455d0141f0b22c6eff29fb2fff4',
  'org.objenesis:objenesis:2.5.1':
    'b043f03e466752f7f03e2326a3b13a49b7c649f8f2a2dc87715827e24f73d9c6',
  'org.ow2.asm:asm:5.0.4': '896618ed8ae62702521a78bc7be42b7c491a08e6920a15f89a3ecdec31e9a220',
  'org.postgresql:postgresql:42.7.14':
    '73914527305a40cce504b0d3d90b23caf565136912d607ae8ae7c5895512332c',
  'org.redisson:redisson-all:3.39.0':
    'be62927bfca30c3dc2bee65e0b84dcbcd3e681919903e2aecddbf3f1c3ee111c',
  'org.redisson:redisson-all:4.7.0':
    '60f44d814f473fcbe15040a3f0b972268666ece15df864898a4f1d8e1941f247',
  'org.redisson:redisson-tomcat-10:3.39.0':
    '92ad771be3250c87f920d5c057cc2ff636494f0f0b82fb9783ae3bed7733446e',
  'org.redisson:redisson-tomcat-10:3.52.0':
    '7e58037c6b9908b7312f81e9033f9600738675508e322752b602197ddc4f6c05',
  'org.redisson:redisson-tomcat-9:3.39.0':
    '5486a6db1788b44c448aca76cf32d432e4a1e1b7d36283d9f1bfbeeee0bcc48e',
  'org.redisson:redisson-tomcat-9:3.52.0':
    '5a3f824282c5bcc337dd0892e476a1d8738be39a324e520436e0ceb60bfab4c1',
  'redis.clients:jedis:2.5.2': '2c0e5690baef7942b23438b26cd235d0c384dc75c3bf0dfb047adb14086f2f69',
  'redis.clients:jedis:2.9.0': '1eaa96cb8e5055e4d517467f0f3b2b3cbbc62a7d9d1e8b6a23c617ec60d386fa',
}
